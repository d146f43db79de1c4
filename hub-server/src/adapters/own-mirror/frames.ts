/**
 * The second medium of the hub's own chain as bytes:
 *   "HLM1" | 32 bytes hub public key | then per event: u32le length | SHA-256 of the payload | payload
 *   payload = 16 bytes epoch | u32le seq | 32 bytes hash before | 64 bytes hub signature over the head | bytes of the event
 * A frame that ends past the file's end is a torn tail; one whose hash does not hold is damage. Pure but for hashing.
 */
import { hash } from 'node:crypto';
import { signedHead } from '@hailong/shared/edge/batch.ts';
import { EVENT_BYTES_MAX } from '@hailong/shared/edge/event.ts';

const MAGIC = Buffer.from('HLM1');
export const PREAMBLE_BYTES = 36;
const FIXED = 16 + 4 + 32 + 64;
const HEAD = 4 + 32;
const PAYLOAD_MAX = FIXED + EVENT_BYTES_MAX;

export interface MirrorFrame {
  /** Hex. */
  readonly epoch: string;
  readonly seq: number;
  readonly prev: Uint8Array;
  /** base64url. */
  readonly sig: string;
  readonly bytes: Uint8Array;
}

export const preamble = (hubKey: Uint8Array): Buffer => Buffer.concat([MAGIC, hubKey]);
export const isOurs = (head: Buffer, hubKey: Uint8Array): boolean => head.equals(preamble(hubKey));

export const chainHashOf = ({ prev, bytes }: Pick<MirrorFrame, 'prev' | 'bytes'>): Buffer =>
  hash('sha256', Buffer.concat([prev, bytes]), 'buffer');

/** What the hub signs: the head of its chain at this event, as a kiosk signs the head of a batch. */
export function signedBytes(device: string, frame: Omit<MirrorFrame, 'sig'>): Uint8Array {
  const head = { seq: frame.seq, hash: chainHashOf(frame).toString('hex') };
  return signedHead({
    ...{ device, epoch: frame.epoch, head, checkpoint: null },
  } as Parameters<typeof signedHead>[0]);
}

export function encodeFrame({ epoch, seq, prev, sig, bytes }: MirrorFrame): Buffer {
  const payload = Buffer.alloc(FIXED + bytes.byteLength);
  payload.write(epoch, 0, 'hex');
  payload.writeUInt32LE(seq, 16);
  payload.set(prev, 20);
  payload.write(sig, 52, 'base64url');
  payload.set(bytes, FIXED);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(payload.byteLength);
  return Buffer.concat([head, hash('sha256', payload, 'buffer'), payload]);
}

export type ReadFrame =
  | { readonly kind: 'frame'; readonly frame: MirrorFrame; readonly next: number }
  /** The last write was cut short: whatever stood there was never said to be safe. */
  | { readonly kind: 'torn' }
  /** Bytes changed: the frame is passed over when its length can be believed. */
  | { readonly kind: 'damaged'; readonly next: number | null }
  | { readonly kind: 'end' };

/** `read` answers fewer bytes than asked for only at the end of the file. */
export function readFrame(read: (at: number, length: number) => Buffer, at: number): ReadFrame {
  const head = read(at, HEAD);
  if (head.length === 0) return { kind: 'end' };
  if (head.length < HEAD) return { kind: 'torn' };
  const length = head.readUInt32LE(0);
  if (length <= FIXED || length > PAYLOAD_MAX) return { kind: 'damaged', next: null };
  const payload = read(at + HEAD, length);
  if (payload.length < length) return { kind: 'torn' };
  const next = at + HEAD + length;
  if (!hash('sha256', payload, 'buffer').equals(head.subarray(4))) return { kind: 'damaged', next };
  return {
    kind: 'frame',
    next,
    frame: {
      epoch: payload.subarray(0, 16).toString('hex'),
      seq: payload.readUInt32LE(16),
      prev: new Uint8Array(payload.subarray(20, 52)),
      sig: payload.subarray(52, 116).toString('base64url'),
      bytes: new Uint8Array(payload.subarray(FIXED)),
    },
  };
}
