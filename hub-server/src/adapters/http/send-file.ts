/**
 * Purpose: bytes of one file, whole or one range, from an open handle, so that what was checked is what is sent.
 * Refuses: anything whose real path lies outside the root (links included), what is not a regular file, ranges that
 * cannot be met (416).
 */
import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface OpenedFile {
  readonly handle: FileHandle;
  readonly bytes: number;
}

export async function openUnderRoot(root: string, relative: string): Promise<OpenedFile | null> {
  let handle: FileHandle | undefined;
  try {
    const [realRoot, path] = [await realpath(root), await realpath(join(root, relative))];
    if (!path.startsWith(realRoot + sep)) return null;
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const held = await handle.stat();
    if (held.isFile()) return { handle, bytes: held.size };
    await handle.close();
    return null;
  } catch {
    await handle?.close();
    return null;
  }
}

export type Range = { readonly from: number; readonly to: number } | 'all' | 'unsatisfiable';

/** One range only (RFC 9110, 14.2): several, or another unit, are answered with the whole. */
export function readRange(header: string | undefined, bytes: number): Range {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return 'all';
  if (match[1] === '') {
    const length = Math.min(Number(match[2]), bytes);
    return length === 0 ? 'unsatisfiable' : { from: bytes - length, to: bytes - 1 };
  }
  const from = Number(match[1]);
  const to = match[2] === '' ? bytes - 1 : Math.min(Number(match[2]), bytes - 1);
  if (from >= bytes) return 'unsatisfiable';
  return to < from ? 'all' : { from, to };
}

export async function sendRange(
  request: FastifyRequest,
  reply: FastifyReply,
  { handle, bytes }: OpenedFile,
): Promise<FastifyReply> {
  const range = readRange(request.headers.range, bytes);
  reply.header('accept-ranges', 'bytes');
  if (range === 'unsatisfiable') {
    await handle.close();
    return reply.code(416).header('content-range', `bytes */${bytes}`).send();
  }
  if (range === 'all') {
    reply.header('content-length', bytes);
    return reply.send(handle.createReadStream({ autoClose: true }));
  }
  const { from, to } = range;
  reply
    .code(206)
    .header('content-range', `bytes ${from}-${to}/${bytes}`)
    .header('content-length', to - from + 1);
  return reply.send(handle.createReadStream({ start: from, end: to, autoClose: true }));
}
