/* Exact bytes: events chain by hash, batches read back what was written, and nothing malformed is taken. */
import { createHash } from 'node:crypto';
import { type BatchHeader, encodeBatch, readBatch } from '@hailong/shared/edge/batch.ts';
import {
  chainHash,
  EVENT_BYTES_MAX,
  encodeEvent,
  fromHex,
  genesisHash,
  readEvent,
  toHex,
} from '@hailong/shared/edge/event.ts';
import type { DeviceId, EpochId, Sha256Hex } from '@hailong/shared/ids.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const sha256 = (...parts: readonly Uint8Array[]) =>
  createHash('sha256').update(Buffer.concat(parts)).digest();
const device = 'd'.repeat(64) as DeviceId;
const epoch = 'e'.repeat(32) as EpochId;
const header = (firstSeq: number, count: number): BatchHeader => ({
  batch: 1,
  device,
  epoch,
  firstSeq,
  prevHash: 'a'.repeat(64) as Sha256Hex,
  head: { seq: firstSeq + count - 1, hash: 'b'.repeat(64) as Sha256Hex },
  checkpoint: null,
  sig: 'x',
});
const bytes = fc.uint8Array({ minLength: 1, maxLength: 400 });

describe('a batch', () => {
  it('reads back header and exact bytes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.array(bytes, { minLength: 1, maxLength: 30 }),
        (first, events) => {
          const read = readBatch(encodeBatch(header(first, events.length), events));
          expect(read.ok && read.header).toEqual(header(first, events.length));
          expect(read.ok && read.events.map((each) => toHex(each))).toEqual(
            events.map((each) => toHex(each)),
          );
        },
      ),
    );
  });

  it('is not judged twice: a header that was read before is taken as it is, and the frame is still checked', () => {
    const events = [new Uint8Array([1]), new Uint8Array([2, 3])];
    const known = header(4, 2);
    const frame = encodeBatch(known, events);
    const unreadable = Uint8Array.from(frame);
    unreadable.fill(0, 8, 12);
    expect(readBatch(unreadable)).toMatchObject({ ok: false });
    const read = readBatch(unreadable, known);
    expect(read.ok && read.header).toBe(known);
    expect(read.ok && read.events.map(toHex)).toEqual(events.map(toHex));
    expect(readBatch(unreadable.subarray(0, -1), known).ok).toBe(false);
    expect(readBatch(frame, header(4, 3))).toMatchObject({ detail: 'head' });
  });

  it('is refused when cut short, prolonged, empty, or changed in its frame; never throws', () => {
    fc.assert(
      fc.property(
        fc.array(bytes, { minLength: 1, maxLength: 5 }),
        fc.nat(),
        fc.nat(255),
        (events, at, value) => {
          const frame = encodeBatch(header(1, events.length), events);
          expect(readBatch(frame.subarray(0, at % frame.length)).ok).toBe(false);
          expect(readBatch(Buffer.concat([frame, new Uint8Array([1])])).ok).toBe(false);
          const changed = Uint8Array.from(frame);
          changed[at % frame.length] = value;
          readBatch(changed);
        },
      ),
    );
    expect(readBatch(encodeBatch(header(1, 1), [])).ok).toBe(false);
    expect(readBatch(encodeBatch(header(1, 3), [new Uint8Array([1])]))).toMatchObject({ detail: 'head' });
  });
});

describe('an event', () => {
  it('chains by every byte, and the chain starts from device and epoch', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), (one, at) => {
        const genesis = genesisHash(sha256, device, epoch);
        const hash = toHex(chainHash(sha256, genesis, one));
        const other = Uint8Array.from(one);
        other[at % one.length]! ^= 1;
        expect(toHex(chainHash(sha256, genesis, other))).not.toBe(hash);
        expect(toHex(chainHash(sha256, fromHex('0'.repeat(64)), one))).not.toBe(hash);
      }),
    );
  });

  it('answers for bytes that cannot be read, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (some) => {
        expect(readEvent(some).ok).toBe(false);
      }),
    );
    const code = (text: string) => {
      const read = readEvent(new TextEncoder().encode(text));
      return read.ok ? 'ok' : read.code;
    };
    expect(code('{"v":2}')).toBe('event.future_version');
    expect(code('{"v":1,"seq":1,"at":0,"mono":0,"body":{"type":"x"}}')).toBe('event.invalid');
    expect(code(`"${' '.repeat(EVENT_BYTES_MAX)}"`)).toBe('event.unreadable');
    expect(readEvent(new Uint8Array([0x22, 0xff, 0x22]))).toMatchObject({ code: 'event.unreadable' });
    const body = {
      type: 'intent.refused',
      intent: '0190a000-0000-7000-8000-000000000001',
      code: 'x',
    } as never;
    expect(readEvent(encodeEvent({ seq: 1, at: 1, mono: 1, body })).ok).toBe(true);
  });
});
