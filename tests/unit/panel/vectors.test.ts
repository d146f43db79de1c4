/* The published CPP/1 frames, byte for byte, both ways (firmware-notes/panel-protocol.md, "Vectors"). */
import { readFileSync } from 'node:fs';
import { crc16, encodeFrame } from '@hailong/device-drivers/panel/frame.ts';
import {
  decodeHostMessage,
  decodePanelMessage,
  encodeHostMessage,
  encodePanelMessage,
} from '@hailong/device-drivers/panel/message-codec.ts';
import type { HostMessage, PanelMessage } from '@hailong/device-drivers/panel/messages.ts';
import { FrameParser } from '@hailong/device-drivers/panel/parser.ts';
import { describe, expect, it } from 'vitest';

type Vector = { name: string; retransmission: boolean; tag: number; wire: string } & (
  | { direction: 'host-to-panel'; message: HostMessage }
  | { direction: 'panel-to-host'; message: PanelMessage }
);
const file = new URL('../../vectors/panel/cpp1-frames.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as { frames: Vector[] };
const hex = (bytes: Uint8Array) =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/(..)(?=.)/g, '$1 ');
const unhex = (text: string) => Uint8Array.from(text.split(' '), (byte) => Number.parseInt(byte, 16));

describe('CPP/1 vectors', () => {
  it('has the CRC of the standard check string', () => {
    expect(crc16(new TextEncoder().encode('123456789')).toString(16)).toBe('29b1');
  });

  it('covers all 17 published frames and the 5 of the random and journalled boots', () => {
    expect(vectors.frames).toHaveLength(22);
  });

  it.each(vectors.frames)('$name: encodes to the published bytes', (vector) => {
    const body =
      vector.direction === 'host-to-panel'
        ? encodeHostMessage(vector.message)
        : encodePanelMessage(vector.message);
    const { direction, retransmission, tag } = vector;
    expect(hex(encodeFrame({ direction, retransmission, address: 0, tag, ...body }))).toBe(vector.wire);
  });

  it.each(vectors.frames)('$name: decodes from the published bytes', (vector) => {
    const [output, ...more] = new FrameParser(vector.direction).push(unhex(vector.wire));
    expect(more).toEqual([]);
    if (output?.kind !== 'frame') throw new Error(`not a frame: ${JSON.stringify(output)}`);
    const { frame } = output;
    expect(frame).toMatchObject({ retransmission: vector.retransmission, tag: vector.tag, address: 0 });
    const decode = vector.direction === 'host-to-panel' ? decodeHostMessage : decodePanelMessage;
    expect(decode(frame.type, frame.payload)).toEqual({ ok: true, message: vector.message });
  });

  it('accepts no single-bit change of any published frame as another frame', () => {
    let accepted = 0;
    for (const { wire, direction } of vectors.frames) {
      const bytes = unhex(wire);
      for (let bit = 8; bit < (bytes.length - 1) * 8; bit += 1) {
        const damaged = bytes.slice();
        damaged[bit >> 3] = damaged[bit >> 3]! ^ (1 << (bit & 7));
        accepted += new FrameParser(direction).push(damaged).filter(({ kind }) => kind === 'frame').length;
      }
    }
    expect(accepted).toBe(0);
  });
});
