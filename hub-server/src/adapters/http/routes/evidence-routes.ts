/** Packages of a case for its inspector: what there is, how far one is, and the archive by an expiring address. */
import { basename } from 'node:path';
import { caseId } from '@hailong/shared/ids.ts';
import { archiveAddress, packageList } from '@hailong/shared/protocol/evidence.ts';
import { z } from 'zod';
import {
  findArchive,
  keepAwake,
  listPackages,
  openArchive,
  recordPart,
} from '../../../application/evidence/hand-over.ts';
import { zipLayout } from '../../../domain/evidence/zip-layout.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';
import { sendArchive } from '../send-archive.ts';
import { byId } from './answers.ts';

const ticket = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export function evidenceRoutes(app: App, { parts }: HttpContext): void {
  app.get(
    '/api/v1/cases/:id/packages',
    { schema: { params: z.object({ id: caseId }), response: answers(packageList) } },
    async (request) => ({
      packages: await listPackages(parts, callerOf(request, 'user'), request.params.id),
    }),
  );
  app.post(
    '/api/v1/packages/:id/address',
    { schema: { params: byId, response: answers(archiveAddress) } },
    async (request) => openArchive(parts, callerOf(request, 'user'), request.params.id),
  );
  app.get(
    '/api/v1/packages/:ticket/archive.zip',
    { schema: { params: z.object({ ticket }) } },
    async (request, reply) => {
      const user = callerOf(request, 'user');
      const opened = await findArchive(parts, user, request.params.ticket);
      const { folder, files, packageId } = opened;
      const name = basename(folder);
      return sendArchive(request, reply, {
        ...{ folder, name, etag: `"${packageId}"`, layout: zipLayout(name, files) },
        record: (part) => recordPart(parts, user, opened, part),
        leaving: keepAwake(parts, user),
      });
    },
  );
}
