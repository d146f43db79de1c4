/**
 * Event form: an event *is* its bytes. `hash = SHA-256(prevHash ‖ bytes)`; the bytes are stored, sent and checked
 * as they are and never serialised again, so what cannot be parsed still chains. Identity is (device, epoch, seq).
 * The first event of an epoch chains from a genesis that binds device and epoch, so neither stands in every event.
 * Hashing comes in as a function: this package has no node:*.
 */
import { z } from 'zod';
import type { DeviceId, EpochId, Sha256Hex } from '../ids.ts';
import { type EventBody, eventBody } from '../model/event.ts';
import { utcMs } from '../time.ts';

export const EVENT_VERSION = 1;
/** An event is a few hundred bytes; anything larger than this is kept but never parsed. */
export const EVENT_BYTES_MAX = 16_384;

/** SHA-256 over the concatenation of the parts, as 32 raw bytes. */
export type Sha256 = (...parts: readonly Uint8Array[]) => Uint8Array;

/** The envelope, written as JSON in UTF-8. `at` is the kiosk's claimed wall time, `mono` its boot time, both ms. */
export const eventEnvelope = z.object({
  v: z.literal(EVENT_VERSION),
  seq: z.int().min(1),
  at: utcMs,
  mono: z.int().min(0),
  body: eventBody,
});
export type Event = z.infer<typeof eventEnvelope>;

export interface ChainHead {
  readonly epoch: EpochId;
  readonly seq: number;
  readonly hash: Sha256Hex;
}

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** prevHash of seq 1. */
export function genesisHash(sha256: Sha256, device: DeviceId, epoch: EpochId): Uint8Array {
  return sha256(utf8.encode(`hailong-epoch-v1\n${device}\n${epoch}\n`));
}

export function chainHash(sha256: Sha256, prevHash: Uint8Array, bytes: Uint8Array): Uint8Array {
  return sha256(prevHash, bytes);
}

export function encodeEvent(event: { seq: number; at: number; mono: number; body: EventBody }): Uint8Array {
  return utf8.encode(
    JSON.stringify({ v: EVENT_VERSION, seq: event.seq, at: event.at, mono: event.mono, body: event.body }),
  );
}

export type ReadEvent =
  | { readonly ok: true; readonly event: Event }
  | {
      readonly ok: false;
      readonly code: 'event.unreadable' | 'event.invalid' | 'event.future_version';
      readonly detail: string;
    };

/** Reads bytes as an event. Never throws: what cannot be read is an answer, since the bytes are kept anyway. */
export function readEvent(bytes: Uint8Array): ReadEvent {
  if (bytes.byteLength > EVENT_BYTES_MAX)
    return {
      ok: false,
      code: 'event.unreadable',
      detail: `${bytes.byteLength} bytes, limit ${EVENT_BYTES_MAX}`,
    };
  let value: unknown;
  try {
    value = JSON.parse(strictUtf8.decode(bytes));
  } catch {
    return { ok: false, code: 'event.unreadable', detail: 'not JSON in UTF-8' };
  }
  if (typeof value !== 'object' || value === null || !('v' in value))
    return { ok: false, code: 'event.invalid', detail: 'no version' };
  if (value.v !== EVENT_VERSION)
    return { ok: false, code: 'event.future_version', detail: `version ${String(value.v).slice(0, 20)}` };
  const parsed = eventEnvelope.safeParse(value);
  if (!parsed.success) {
    const first = parsed.error.issues[0];
    return {
      ok: false,
      code: 'event.invalid',
      detail: `${first?.path.join('.') ?? ''}: ${first?.message ?? ''}`.slice(0, 200),
    };
  }
  return { ok: true, event: parsed.data };
}

const HEX = Array.from({ length: 256 }, (_none, byte) => byte.toString(16).padStart(2, '0'));
/** Value of a hexadecimal digit by its character code. */
const DIGIT = Uint8Array.from({ length: 128 }, (_none, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? 0 : value;
});

export function toHex(bytes: Uint8Array): Sha256Hex {
  let out = '';
  for (let i = 0; i < bytes.length; i++) out += HEX[bytes[i]!];
  return out as Sha256Hex;
}

/** `hex` was validated where it came in. */
export function fromHex(hex: string): Uint8Array {
  const out = new Uint8Array(hex.length / 2);
  for (let i = 0; i < out.length; i++)
    out[i] = (DIGIT[hex.charCodeAt(i * 2)]! << 4) | DIGIT[hex.charCodeAt(i * 2 + 1)]!;
  return out;
}
