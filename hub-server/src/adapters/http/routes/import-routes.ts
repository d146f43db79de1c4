/** Lists by CSV (preview, then all or nothing), photos, and the removal of the demo office. */
import { CodedError } from '@hailong/shared/errors.ts';
import { sha256Hex } from '@hailong/shared/ids.ts';
import { importAnswer, removeDemoRequest, savedAnswer } from '@hailong/shared/protocol/http.ts';
import { z } from 'zod';
import {
  applyImport,
  previewImport,
  readTable,
  removeDemo,
} from '../../../application/directory/import-list.ts';
import { setPhoto } from '../../../application/directory/save-directory.ts';
import { importClosedDossiers } from '../../../application/figures/take-closed-dossiers.ts';
import { actorOf } from '../../../domain/access/policy-law.ts';
import { readCsv } from '../../csv/read-csv.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';
import { sendProblem } from '../problems.ts';
import { readUpload } from '../read-upload.ts';
import { byId, noContent } from './answers.ts';

const list = z.enum(['units', 'officers', 'counters', 'procedures', 'cameras', 'closed']);
const WHERE_MAX = 100;

export function importRoutes(app: App, { parts }: HttpContext): void {
  app.post(
    '/api/v1/admin/import/:list',
    {
      schema: {
        params: z.object({ list }),
        querystring: z.object({ apply: z.enum(['0', '1']).default('0') }),
        body: z.string(),
        consumes: ['text/csv'],
        response: answers(importAnswer),
      },
    },
    async (request, reply) => {
      const actor = actorOf(callerOf(request, 'user'));
      const kind = request.params.list;
      const csv = readCsv(request.body);
      if (!csv.ok)
        return sendProblem(reply, 'import.rejected', [
          { path: `dòng ${csv.line}`, message: csv.message },
        ]) as never;
      const table = readTable(kind, csv.records);
      if (!table.ok) return sendProblem(reply, 'import.rejected', [...table.where]) as never;
      const { rows } = table;
      const apply = request.query.apply === '1';
      const answer =
        kind === 'closed'
          ? await importClosedDossiers(parts, { rows, apply, actor })
          : await (apply ? applyImport(parts, { kind, rows, actor }) : previewImport(parts, { kind, rows }));
      if (answer.applied || !apply) return answer;
      const where = answer.rows.flatMap((row) =>
        row.errors.map((each) => ({
          path: `dòng ${row.line}, ${each.column}`,
          message: `${each.vi} · ${each.en}`,
        })),
      );
      return sendProblem(reply, 'import.rejected', where.slice(0, WHERE_MAX)) as never;
    },
  );

  app.put(
    '/api/v1/admin/officers/:id/photo',
    { schema: { params: byId, consumes: ['multipart/form-data'], response: answers(savedAnswer) } },
    async (request) => {
      const actor = actorOf(callerOf(request, 'user'));
      const bytes = await readUpload(request, 'photo', 'photo.invalid');
      const id = await setPhoto(parts, { id: request.params.id, bytes, actor });
      return { id };
    },
  );

  app.get(
    '/api/v1/photos/:sha256',
    { schema: { params: z.object({ sha256: sha256Hex }) } },
    async (request, reply) => {
      const photo = await parts.storage.blobs.get(request.params.sha256);
      if (!photo?.mediaType.startsWith('image/')) throw new CodedError('request.not_found');
      return (
        reply
          .type(photo.mediaType)
          // No browser keeps an officer's photo on its disk.
          .header('cache-control', 'no-store')
          .send(Buffer.from(photo.bytes))
      );
    },
  );

  app.delete(
    '/api/v1/admin/demo',
    { schema: { body: removeDemoRequest, response: answers(noContent, 204) } },
    async (request, reply) => {
      await removeDemo(parts, { actor: actorOf(callerOf(request, 'user')) });
      return reply.code(204).send(null);
    },
  );
}
