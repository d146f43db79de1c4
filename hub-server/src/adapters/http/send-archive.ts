/**
 * Purpose: a package's folder as one ZIP, whole or one range of it (RFC 9110, 14.2), read from the files as it goes: a line
 *   that broke goes on where it was. The name is RFC 6266.
 * Refuses: a file that is not of the size it was written with (the answer ends); ranges that cannot be met (416).
 */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ZipLayout } from '../../domain/evidence/zip-layout.ts';
import { sliceOf } from '../../domain/evidence/zip-layout.ts';
import { openUnderRoot, readRange } from './send-file.ts';

async function* bytesOf(
  folder: string,
  layout: ZipLayout,
  from: number,
  to: number,
  leaving: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  for (const { piece, from: first, to: last } of sliceOf(layout, from, to)) {
    if (piece.kind === 'bytes') {
      yield piece.bytes.subarray(first, last);
      continue;
    }
    const opened = await openUnderRoot(folder, piece.path);
    if (opened?.bytes !== piece.length) {
      await opened?.handle.close();
      throw new Error(`${piece.path} is not what was written`);
    }
    for await (const chunk of opened.handle.createReadStream({
      start: first,
      end: last - 1,
      autoClose: true,
    })) {
      yield chunk as Uint8Array;
      await leaving();
    }
  }
}

export async function sendArchive(
  request: FastifyRequest,
  reply: FastifyReply,
  archive: {
    readonly folder: string;
    readonly name: string;
    readonly etag: string;
    readonly layout: ZipLayout;
    /** Before the first byte of this part. */
    record(part: { readonly from: number; readonly to: number; readonly total: number }): Promise<void>;
    /** As its bytes leave, again and again. */
    leaving(): Promise<void>;
  },
): Promise<FastifyReply> {
  const { folder, name, etag, layout, record, leaving } = archive;
  // If-Range of another package's bytes is answered with the whole.
  const condition = request.headers['if-range'];
  const wanted = condition === undefined || condition === etag ? request.headers.range : undefined;
  const range = readRange(wanted, layout.length);
  reply.headers({
    ...{ 'accept-ranges': 'bytes', 'cache-control': 'no-store', etag },
    'content-disposition': `attachment; filename="${name}.zip"; filename*=UTF-8''${encodeURIComponent(name)}.zip`,
  });
  reply.type('application/zip');
  if (range === 'unsatisfiable')
    return reply.code(416).header('content-range', `bytes */${layout.length}`).send();
  const [from, to] = range === 'all' ? [0, layout.length] : [range.from, range.to + 1];
  await record({ from, to, total: layout.length });
  if (range !== 'all') reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${layout.length}`);
  reply.header('content-length', to - from);
  // That it cannot be noted, on a full disk say, ends no download that runs.
  const noted = (): Promise<void> =>
    leaving().catch((error: unknown) => request.log.error({ err: error }, 'a session was not kept awake'));
  return reply.send(Readable.from(bytesOf(folder, layout, from, to, noted)));
}
