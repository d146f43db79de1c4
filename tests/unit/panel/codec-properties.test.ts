/* Frames and parser under arbitrary payloads, chunking and noise (panel-protocol.md, "Frames"). */
import {
  cobsDecode,
  cobsEncode,
  decodeFrame,
  encodeFrame,
  type Frame,
  MAX_ENCODED_BYTES,
} from '@hailong/device-drivers/panel/frame.ts';
import {
  decodeHostMessage,
  decodePanelMessage,
  encodePanelMessage,
} from '@hailong/device-drivers/panel/message-codec.ts';
import { FrameParser, type ParserOutput } from '@hailong/device-drivers/panel/parser.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const byte = fc.integer({ min: 0, max: 255 });
const frame: fc.Arbitrary<Frame> = fc.record({
  direction: fc.constant('panel-to-host' as const),
  retransmission: fc.boolean(),
  address: fc.constantFrom(0, 0xff),
  type: byte,
  tag: byte,
  payload: fc.uint8Array({ maxLength: 32 }),
});

function inChunks(bytes: Uint8Array, cuts: readonly number[]): ParserOutput[] {
  const parser = new FrameParser('panel-to-host');
  const outputs: ParserOutput[] = [];
  let at = 0;
  for (const cut of cuts) {
    outputs.push(...parser.push(bytes.subarray(at, at + cut)));
    at = Math.min(bytes.length, at + cut);
  }
  outputs.push(...parser.push(bytes.subarray(at)));
  return outputs;
}

const concat = (parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const frames = (outputs: readonly ParserOutput[]) =>
  outputs.flatMap((output) => (output.kind === 'frame' ? [output.frame] : []));

describe('CPP/1 codec', () => {
  it('COBS brings every byte string back and never writes a zero', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 253 }), (bytes) => {
        const encoded = cobsEncode(bytes);
        expect(encoded).toHaveLength(bytes.length + 1);
        expect(encoded).not.toContain(0);
        expect(cobsDecode(encoded)).toEqual(bytes);
      }),
    );
  });

  it('brings every frame back within 41 bytes on the wire', () => {
    fc.assert(
      fc.property(frame, (one) => {
        const wire = encodeFrame(one);
        expect(wire.length).toBeLessThanOrEqual(MAX_ENCODED_BYTES + 2);
        expect(decodeFrame(wire.subarray(1, -1))).toEqual({ ok: true, frame: one });
      }),
    );
  });

  it('never throws on arbitrary bytes, frames or payloads', () => {
    fc.assert(
      fc.property(byte, fc.uint8Array({ maxLength: 60 }), (type, bytes) => {
        decodeFrame(bytes);
        decodeHostMessage(type, bytes);
        decodePanelMessage(type, bytes);
      }),
      { numRuns: 2_000 },
    );
  });

  it('ignores the tail of a longer payload and refuses a shorter one', () => {
    const { type, payload } = encodePanelMessage({
      name: 'test',
      result: 1,
      buttonsDown: 2,
      stuck: 4,
      freeRam: 900,
    });
    expect(decodePanelMessage(type, Uint8Array.of(...payload, 9, 9))).toEqual(
      decodePanelMessage(type, payload),
    );
    expect(decodePanelMessage(type, payload.subarray(0, 4))).toEqual({ ok: false, reason: 'bad-payload' });
    expect(decodePanelMessage(0x99, payload)).toEqual({ ok: false, reason: 'unknown-type' });
  });
});

describe('CPP/1 parser', () => {
  it('finds the same frames however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 6 }),
        fc.array(fc.integer({ min: 0, max: 50 })),
        (many, cuts) => {
          const outputs = inChunks(concat(many.map(encodeFrame)), cuts);
          expect(outputs).toEqual(many.map((one) => ({ kind: 'frame', frame: one })));
        },
      ),
    );
  });

  it('finds every whole frame between stretches of noise, and makes none up', () => {
    const noise = fc.uint8Array({ maxLength: 120 });
    const pieces = fc.array(fc.tuple(noise, frame), { maxLength: 5 });
    fc.assert(
      fc.property(pieces, fc.array(fc.integer({ min: 0, max: 64 })), (parts, cuts) => {
        const wire = concat(parts.flatMap(([before, one]) => [before, encodeFrame(one)]));
        expect(frames(inChunks(wire, cuts))).toEqual(parts.map(([, one]) => one));
      }),
      { numRuns: 500, seed: 20_252 },
    );
  });

  it('takes no random 2…7-bit damage for another frame', () => {
    const flips = fc.uniqueArray(fc.nat(), { minLength: 2, maxLength: 7 });
    fc.assert(
      fc.property(frame, flips, (one, bits) => {
        const wire = encodeFrame(one);
        const damaged = wire.slice();
        for (const bit of bits) {
          const at = bit % ((wire.length - 2) * 8);
          damaged[1 + (at >> 3)] = damaged[1 + (at >> 3)]! ^ (1 << (at & 7));
        }
        // An even number of flips of the same bit leaves the frame whole.
        const whole = Buffer.compare(wire, damaged) === 0;
        expect(frames(inChunks(damaged, []))).toEqual(whole ? [one] : []);
      }),
      { numRuns: 5_000, seed: 20_251 },
    );
  });

  it('keeps bounded memory and stays loud on a line that never delimits', () => {
    const parser = new FrameParser('panel-to-host');
    const outputs = Array.from({ length: 64 }, () => parser.push(new Uint8Array(1024).fill(0x55))).flat();
    expect(outputs.length).toBeGreaterThan(50);
    expect(outputs.every((output) => output.kind === 'discard' && output.reason === 'overlong')).toBe(true);
    const one: Frame = {
      direction: 'panel-to-host',
      retransmission: false,
      address: 0,
      type: 0x87,
      tag: 1,
      payload: new Uint8Array(3),
    };
    expect(frames(parser.push(encodeFrame(one)))).toEqual([one]);
  });

  it('reports its own echo and another address instead of reading them', () => {
    const one: Frame = {
      direction: 'host-to-panel',
      retransmission: false,
      address: 0,
      type: 7,
      tag: 1,
      payload: new Uint8Array(),
    };
    const parser = new FrameParser('panel-to-host');
    expect(parser.push(encodeFrame(one))).toEqual([{ kind: 'discard', reason: 'direction', bytes: 7 }]);
    const other = encodeFrame({ ...one, direction: 'panel-to-host', address: 9 });
    expect(parser.push(other)).toEqual([{ kind: 'discard', reason: 'address', bytes: 7 }]);
  });
});
