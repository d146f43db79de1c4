/**
 * The kiosks' three doors: the WebSocket, photos by hash for a live link, enrolment once by code. Their policy row is
 * `device`: the handler judges by signature, token or code. Refuses: everything else, with closed codes.
 */
import type {} from '@fastify/websocket';
import { ERRORS, type ErrorCode, problem } from '@hailong/shared/errors.ts';
import { sha256Hex } from '@hailong/shared/ids.ts';
import { BLOBS_PATH, EDGE_PATH, ENROL_PATH, enrolRequest } from '@hailong/shared/protocol/edge.ts';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type EnrolParts, enrolDevice } from '../../application/kiosks/enrol-device.ts';
import type { BlobsPort } from '../../application/ports/blobs.ts';
import type { EdgeLinks } from './edge-links.ts';

export interface EdgeRouteParts extends EnrolParts {
  readonly links: EdgeLinks;
  readonly blobs: Pick<BlobsPort, 'get'>;
}

const refuse = (reply: FastifyReply, code: ErrorCode): FastifyReply =>
  reply.code(ERRORS[code].status).send(problem(code));

export function registerEdge(app: FastifyInstance, parts: EdgeRouteParts): void {
  app.get(EDGE_PATH, { websocket: true }, (socket, request) =>
    parts.links.accept(socket, request.raw.socket),
  );

  app.get<{ Params: { sha256: string } }>(`${BLOBS_PATH}:sha256`, async (request, reply) => {
    const token = /^Bearer (\S{1,100})$/.exec(request.headers.authorization ?? '')?.[1];
    if (!token || !parts.links.blobTokenKnown(token)) return refuse(reply, 'access.login_required');
    const name = sha256Hex.safeParse(request.params.sha256);
    const blob = name.success ? await parts.blobs.get(name.data) : null;
    if (!blob) return refuse(reply, 'request.not_found');
    return reply.type(blob.mediaType).header('cache-control', 'no-store').send(Buffer.from(blob.bytes));
  });

  app.post(ENROL_PATH, { bodyLimit: 16_384 }, async (request, reply) => {
    const asked = enrolRequest.safeParse(request.body);
    if (!asked.success) return refuse(reply, 'request.invalid');
    const result = await enrolDevice(parts, asked.data);
    return result.ok ? reply.send(result.value) : refuse(reply, result.code);
  });
}
