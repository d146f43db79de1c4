/**
 * Purpose: segments of one run as one film (domain/footage/join-fragments.ts), whole or one range of it (RFC 9110, 14.2), read
 * from the files as it goes: a line that broke goes on where it was.
 * Refuses: whatever lies outside the root (send-file.ts); a file that changed since it was looked at (the answer ends).
 */
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  BOX_HEAD_BYTES,
  type FilmExtent,
  filmExtent,
  placeFragments,
  readBoxHead,
  timescaleOf,
} from '../../domain/footage/join-fragments.ts';
import { openUnderRoot, readRange } from './send-file.ts';

export interface JoinedFilm {
  readonly root: string;
  /** In order; `offsetMs`: where its pictures begin in the film. */
  readonly segments: readonly { readonly file: string; readonly offsetMs: number }[];
  /** Of the attachment, without suffix; as RFC 6266 writes it. */
  readonly name: string;
  readonly etag: string;
}
interface Part {
  readonly file: string;
  readonly offsetMs: number;
  /** Bytes of the file that go in. */
  readonly first: number;
  readonly end: number;
  readonly sequence: number;
}
interface Layout {
  readonly parts: readonly Part[];
  readonly length: number;
  readonly timescale: number;
}

/** A file of seconds holds some dozens. */
const BOXES_MAX = 10_000;

async function bytesAt(handle: FileHandle, from: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
  return buffer.subarray(0, bytesRead);
}

async function extentOf(handle: FileHandle, bytes: number): Promise<FilmExtent> {
  const boxes: { type: string; end: number }[] = [];
  for (let at = 0; at < bytes && boxes.length < BOXES_MAX; ) {
    const head = readBoxHead(await bytesAt(handle, at, BOX_HEAD_BYTES));
    if (head === null || at + head.bytes > bytes) break;
    at += head.bytes;
    boxes.push({ type: head.type, end: at });
  }
  return filmExtent(boxes);
}

/** Null: a file is gone or is none. */
async function layoutOf({ root, segments }: JoinedFilm): Promise<Layout | null> {
  const parts: Part[] = [];
  let [length, sequence, timescale] = [0, 1, 0];
  for (const { file, offsetMs } of segments) {
    const opened = await openUnderRoot(root, file);
    if (opened === null) return null;
    try {
      const extent = await extentOf(opened.handle, opened.bytes);
      const isFirst = parts.length === 0;
      if (isFirst) timescale = timescaleOf(await bytesAt(opened.handle, 0, extent.initBytes)) ?? 0;
      if (extent.fragments === 0 || timescale === 0) return null;
      const first = isFirst ? 0 : extent.initBytes;
      parts.push({ file, offsetMs, first, end: extent.endBytes, sequence });
      length += extent.endBytes - first;
      sequence += extent.fragments;
    } finally {
      await opened.handle.close();
    }
  }
  return parts.length === 0 ? null : { parts, length, timescale };
}

async function* bytesOf(root: string, layout: Layout, from: number, to: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const { file, offsetMs, first, end, sequence } of layout.parts) {
    const begins = at;
    at += end - first;
    if (at <= from || begins >= to) continue;
    const opened = await openUnderRoot(root, file);
    if (opened === null) throw new Error(`${file} is gone`);
    const bytes = await bytesAt(opened.handle, first, end - first).finally(() => opened.handle.close());
    if (bytes.length !== end - first) throw new Error(`${file} is not what it was`);
    placeFragments(bytes, { ticks: Math.round((offsetMs * layout.timescale) / 1_000), sequence });
    yield bytes.subarray(Math.max(0, from - begins), Math.min(bytes.length, to - begins));
  }
}

/** Null: there is nothing to send, and nothing was. */
export async function sendJoined(
  request: FastifyRequest,
  reply: FastifyReply,
  film: JoinedFilm,
): Promise<FastifyReply | null> {
  const layout = await layoutOf(film);
  if (layout === null) return null;
  // If-Range of another film's bytes is answered with the whole.
  const condition = request.headers['if-range'];
  const wanted = condition === undefined || condition === film.etag ? request.headers.range : undefined;
  const range = readRange(wanted, layout.length);
  const plain = film.name.replace(/[^A-Za-z0-9._-]/g, '_');
  reply.headers({
    ...{ 'accept-ranges': 'bytes', 'cache-control': 'no-store', etag: film.etag },
    'content-disposition': `attachment; filename="${plain}.mp4"; filename*=UTF-8''${encodeURIComponent(film.name.toWellFormed())}.mp4`,
  });
  reply.type('video/mp4');
  if (range === 'unsatisfiable')
    return reply.code(416).header('content-range', `bytes */${layout.length}`).send();
  const [from, to] = range === 'all' ? [0, layout.length] : [range.from, range.to + 1];
  if (range !== 'all') reply.code(206).header('content-range', `bytes ${from}-${to - 1}/${layout.length}`);
  reply.header('content-length', to - from);
  return reply.send(Readable.from(bytesOf(film.root, layout, from, to)));
}
