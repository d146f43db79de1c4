/** What a verifier or the head of the office must look at; nobody else, since a line names a citizen's visit. */
import { month, reviewAnswer } from '@hailong/shared/protocol/http.ts';
import { z } from 'zod';
import { listReview } from '../../../application/inbox/list-review.ts';
import { type App, answers, type HttpContext } from '../context.ts';

const PAGE = 50;
const PAGE_MAX = 100;
const query = z.object({
  month: month.optional(),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE),
});

export function reviewRoutes(app: App, { parts }: HttpContext): void {
  app.get(
    '/api/v1/review',
    { schema: { querystring: query, response: answers(reviewAnswer) } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { month: asked = null, after = null, limit } = request.query;
      return listReview(parts, { month: asked, after, limit });
    },
  );
}
