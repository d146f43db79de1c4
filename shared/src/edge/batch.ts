/**
 * A batch of events on the wire, as exact bytes:
 *   "HLB1" | u32le header length | header JSON | then per event: u32le length | bytes
 * Consecutive events of one epoch. The header's head (device, epoch, seq, hash, last checkpoint accepted) is signed,
 * so each batch also witnesses the checkpoint. Refuses: lengths past the end or past the limits, trailing bytes.
 */
import { z } from 'zod';
import { deviceId, epochId, sha256Hex } from '../ids.ts';
import { BATCH_BYTES_MAX, BATCH_EVENTS_MAX } from '../protocol/edge.ts';

const MAGIC = 0x31424c48; // "HLB1" read as u32le
const HEADER_BYTES_MAX = 8_192;

export const batchHeader = z.object({
  batch: z.int().min(1),
  device: deviceId,
  epoch: epochId,
  firstSeq: z.int().min(1),
  /** Hash of event firstSeq − 1, or the epoch's genesis. */
  prevHash: sha256Hex,
  head: z.object({ seq: z.int().min(1), hash: sha256Hex }),
  /** True: what lies before firstSeq was deleted here as safe; the hub may take it behind a hole, and lists the gap. */
  afterFloor: z.boolean().optional(),
  checkpoint: z.object({ origin: z.string().max(200), size: z.int().min(0), root: sha256Hex }).nullable(),
  /** Ed25519 over `signedHead(header)`, base64url. */
  sig: z.string().max(128),
});
export type BatchHeader = z.infer<typeof batchHeader>;

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** The bytes the device signs for a batch head. */
export function signedHead(header: Omit<BatchHeader, 'sig'>): Uint8Array {
  const seen = header.checkpoint;
  return utf8.encode(
    `hailong-head-v1\n${header.device}\n${header.epoch}\n${header.head.seq}\n${header.head.hash}\n${
      seen ? `${seen.origin}\n${seen.size}\n${seen.root}` : '-'
    }\n`,
  );
}

export function encodeBatch(header: BatchHeader, events: readonly Uint8Array[]): Uint8Array {
  const head = utf8.encode(JSON.stringify(header));
  const total = events.reduce((sum, each) => sum + 4 + each.byteLength, 8 + head.byteLength);
  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, head.byteLength, true);
  out.set(head, 8);
  let at = 8 + head.byteLength;
  for (const each of events) {
    view.setUint32(at, each.byteLength, true);
    out.set(each, at + 4);
    at += 4 + each.byteLength;
  }
  return out;
}

export type ReadBatch =
  | { readonly ok: true; readonly header: BatchHeader; readonly events: readonly Uint8Array[] }
  | { readonly ok: false; readonly detail: string };

/**
 * Reads a binary frame. The events are views into it; nothing of an event is parsed here. `known`: its header, where this
 * program has read and judged the very same frame before (on another thread).
 */
export function readBatch(frame: Uint8Array, known: BatchHeader | null = null): ReadBatch {
  const bad = (detail: string): ReadBatch => ({ ok: false, detail });
  if (frame.byteLength < 8 || frame.byteLength > BATCH_BYTES_MAX + HEADER_BYTES_MAX) return bad('size');
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== MAGIC) return bad('magic');
  const headerBytes = view.getUint32(4, true);
  if (headerBytes > HEADER_BYTES_MAX || 8 + headerBytes > frame.byteLength) return bad('header length');
  const header = known ?? readHeader(frame.subarray(8, 8 + headerBytes));
  if (typeof header === 'string') return bad(header);
  const events: Uint8Array[] = [];
  let at = 8 + headerBytes;
  while (at < frame.byteLength) {
    if (at + 4 > frame.byteLength) return bad('event length');
    const length = view.getUint32(at, true);
    if (length === 0 || at + 4 + length > frame.byteLength) return bad('event length');
    events.push(frame.subarray(at + 4, at + 4 + length));
    if (events.length > BATCH_EVENTS_MAX) return bad('too many events');
    at += 4 + length;
  }
  if (events.length === 0 || header.head.seq !== header.firstSeq + events.length - 1) return bad('head');
  return { ok: true, header, events };
}

function readHeader(bytes: Uint8Array): BatchHeader | 'header form' | 'header JSON' {
  try {
    const parsed = batchHeader.safeParse(JSON.parse(strictUtf8.decode(bytes)));
    return parsed.success ? parsed.data : 'header form';
  } catch {
    return 'header JSON';
  }
}
