/** Cases and footage for the inspector who is their assignee. What may be opened is judged in application/footage. */
import { CodedError } from '@hailong/shared/errors.ts';
import { caseId } from '@hailong/shared/ids.ts';
import { findAnswer, findQuery, petitionerAnswer, placesAnswer } from '@hailong/shared/protocol/cases.ts';
import {
  caseAnswer,
  caseList,
  changeCaseRequest,
  clipAnswer,
  openCaseRequest,
  openClipRequest,
  timelineAnswer,
} from '@hailong/shared/protocol/http.ts';
import { z } from 'zod';
import { findFootage } from '../../../application/footage/find-footage.ts';
import {
  changeCase,
  openCase,
  ownCase,
  readPetitioner,
  showTimeline,
  tellOfficer,
} from '../../../application/footage/open-case.ts';
import {
  openDownload,
  openFootage,
  openSegment,
  readPlaylist,
} from '../../../application/footage/open-footage.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';
import { openUnderRoot, sendRange } from '../send-file.ts';
import { sendJoined } from '../send-joined.ts';

const byCase = z.object({ id: caseId });
const ticket = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const byFile = z.object({ ticket, file: z.string().regex(/^[0-9a-f-]{36}\.mp4$/) });
const PRIVATE = { 'cache-control': 'no-store' };

export function caseRoutes(app: App, { parts }: HttpContext): void {
  app.get('/api/v1/cases', { schema: { response: answers(caseList) } }, async (request) => {
    const { userId } = callerOf(request, 'user');
    return { cases: [...(await parts.storage.cases.casesOf({ assigneeId: userId }))] };
  });
  app.post(
    '/api/v1/cases',
    { schema: { body: openCaseRequest, response: answers(caseAnswer, 201) } },
    async (request, reply) =>
      reply.code(201).send(await openCase(parts, callerOf(request, 'user'), request.body)),
  );
  app.get(
    '/api/v1/cases/:id',
    { schema: { params: byCase, response: answers(caseAnswer) } },
    async (request) => ownCase(parts, callerOf(request, 'user'), request.params.id),
  );
  app.patch(
    '/api/v1/cases/:id',
    { schema: { params: byCase, body: changeCaseRequest, response: answers(caseAnswer) } },
    async (request) => changeCase(parts, callerOf(request, 'user'), request.params.id, request.body),
  );
  app.get(
    '/api/v1/cases/:id/timeline',
    {
      schema: {
        params: byCase,
        querystring: z.object({ interval: z.uuid().optional() }),
        response: answers(timelineAnswer),
      },
    },
    async (request) =>
      showTimeline(parts, callerOf(request, 'user'), request.params.id, request.query.interval ?? null),
  );
  app.post(
    '/api/v1/cases/:id/clips',
    { schema: { params: byCase, body: openClipRequest, response: answers(clipAnswer) } },
    async (request) => openFootage(parts, callerOf(request, 'user'), request.params.id, request.body),
  );
  app.post(
    '/api/v1/cases/:id/tell',
    { schema: { params: byCase, response: answers(caseAnswer) } },
    async (request) => tellOfficer(parts, callerOf(request, 'user'), request.params.id),
  );
  app.post(
    '/api/v1/cases/:id/petitioner',
    { schema: { params: byCase, response: answers(petitionerAnswer) } },
    async (request) => readPetitioner(parts, callerOf(request, 'user'), request.params.id),
  );
  app.get(
    '/api/v1/find',
    { schema: { querystring: findQuery, response: answers(findAnswer) } },
    async (request) => findFootage(parts, callerOf(request, 'user'), request.query),
  );
  app.get('/api/v1/places', { schema: { response: answers(placesAnswer) } }, async () => ({
    counters: (await parts.storage.directory.counters()).map(({ id, number, name }) => ({
      id,
      number,
      name,
    })),
  }));

  app.get(
    '/api/v1/footage/:ticket/playlist.m3u8',
    { schema: { params: z.object({ ticket }) } },
    async (request, reply) => {
      const text = await readPlaylist(parts, callerOf(request, 'user'), request.params.ticket);
      return reply.headers(PRIVATE).type('application/vnd.apple.mpegurl').send(text);
    },
  );
  app.get('/api/v1/footage/:ticket/:file', { schema: { params: byFile } }, async (request, reply) => {
    const id = request.params.file.slice(0, 36);
    const segment = await openSegment(parts, callerOf(request, 'user'), request.params.ticket, id);
    const root = parts.footage.root();
    const opened = root === null ? null : await openUnderRoot(root, segment.file);
    if (!opened) throw new CodedError('footage.missing');
    reply.headers(PRIVATE).type('video/mp4');
    return sendRange(request, reply, opened);
  });
  app.get(
    '/api/v1/footage/:ticket/download/:file',
    { schema: { params: byFile } },
    async (request, reply) => {
      const { ticket: token, file } = request.params;
      const { film, name } = await openDownload(parts, callerOf(request, 'user'), token, file.slice(0, 36));
      const root = parts.footage.root();
      const { segments } = film;
      const etag = `"${parts.secrets.hash(segments.map(({ sha256 }) => sha256).join())}"`;
      const sent = root === null ? null : await sendJoined(request, reply, { root, segments, name, etag });
      if (sent === null) throw new CodedError('footage.missing');
      return sent;
    },
  );
}
