/** Dossiers closed elsewhere: taken from the provincial system, shown to the head. Refuses: dossier codes to anybody else. */
import {
  closedDossiersAnswer,
  closedDossiersRequest,
  month,
  neverAskedAnswer,
} from '@hailong/shared/protocol/http.ts';
import { vietnamMonth } from '@hailong/shared/time.ts';
import { z } from 'zod';
import { showNeverAsked } from '../../../application/figures/show-never-asked.ts';
import { takeClosedDossiers } from '../../../application/figures/take-closed-dossiers.ts';
import { mustNotRecover } from '../../../application/show-recovering.ts';
import { actorOf } from '../../../domain/access/policy-law.ts';
import { neverAskedWorkbook } from '../../xlsx/never-asked-workbook.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';

const SHOWN_MAX = 500;
const EXPORTED_MAX = 50_000;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const inMonth = z.object({ month: month.optional() });

export function reconcileRoutes(app: App, { parts }: HttpContext): void {
  const monthOf = (asked: string | undefined) => asked ?? vietnamMonth(parts.clock.now());

  app.post(
    '/api/v1/closed-dossiers',
    { schema: { body: closedDossiersRequest, response: answers(closedDossiersAnswer) } },
    async (request) => {
      const { counterIds } = callerOf(request, 'apiKey');
      return takeClosedDossiers(parts, request.body.dossiers, counterIds);
    },
  );

  app.get(
    '/api/v1/dashboard/never-asked',
    { schema: { querystring: inMonth, response: answers(neverAskedAnswer) } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return showNeverAsked(parts, { month: monthOf(request.query.month), limit: SHOWN_MAX });
    },
  );

  app.get(
    '/api/v1/dashboard/never-asked.xlsx',
    { schema: { querystring: inMonth } },
    async (request, reply) => {
      const asked = monthOf(request.query.month);
      const at = parts.clock.now();
      await mustNotRecover(parts);
      const bytes = await neverAskedWorkbook(parts, asked, EXPORTED_MAX);
      const actor = actorOf(request.caller.identity);
      await parts.storage.access.record({
        audit: { at, actor, action: 'figures.exported', object: `never-asked:${asked}`, reason: null },
      });
      await parts.logSealer.seal();
      return reply
        .type(XLSX)
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="chua-moi-${asked}.xlsx"`)
        .send(bytes);
    },
  );
}
