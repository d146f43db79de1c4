/* What one connection carries is told apart wherever the network cuts it. */
import {
  createRtspFraming,
  type RtspMessage,
  rtspMessageBytes,
} from '@hailong/device-drivers/camera/rtsp-framing.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const frame = (payload: Uint8Array, channel = 0) =>
  Buffer.concat([Buffer.from([0x24, channel, payload.length >> 8, payload.length & 0xff]), payload]);
const frames = fc
  .record({ payload: fc.uint8Array({ maxLength: 400 }), channel: fc.nat({ max: 3 }) })
  .map(({ payload, channel }) => ({
    frame: frame(payload, channel),
    media: channel % 2 === 0 ? payload.length : 0,
  }));
const messages = fc
  .record({
    first: fc.constantFrom('RTSP/1.0 200 OK', 'OPTIONS rtsp://10.0.0.9/live RTSP/1.0'),
    cseq: fc.nat(),
    body: fc.uint8Array({ maxLength: 100 }),
  })
  .map(({ first, cseq, body }) => ({
    first,
    body: Buffer.from(body),
    headers: [
      ['CSeq', String(cseq)],
      ['Content-Length', String(body.length)],
    ] as [string, string][],
  }));

it('hands on every frame byte for byte and every message whole, in order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(frames, messages), { maxLength: 20 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 300 })),
      (sent, sizes) => {
        const bytes = Buffer.concat(
          sent.map((one) =>
            'frame' in one ? one.frame : rtspMessageBytes(one.first, one.headers, one.body),
          ),
        );
        const framing = createRtspFraming();
        const heard: (Buffer | RtspMessage)[] = [];
        for (let at = 0; at < bytes.length; ) {
          const size = sizes.next().value;
          // As a reader does that uses one buffer again and again.
          const piece = Buffer.from(bytes.subarray(at, at + size));
          for (const item of framing.take(piece) ?? [])
            heard.push(item.kind === 'frames' ? Buffer.from(item.bytes) : item);
          piece.fill(0xee);
          at += size;
        }
        const flow = heard.map((one) =>
          Buffer.isBuffer(one) ? one : rtspMessageBytes(one.first, one.headers, one.body),
        );
        expect(Buffer.concat(flow).equals(bytes)).toBe(true);
        // RTCP, on odd channels, says nothing of pictures.
        const media = sent.reduce((sum, one) => sum + ('media' in one ? one.media : 0), 0);
        expect(framing.mediaBytes()).toBe(media);
        expect(heard.flatMap((one) => (Buffer.isBuffer(one) ? [] : [one.first]))).toEqual(
          sent.flatMap((one) => ('first' in one ? [one.first] : [])),
        );
      },
    ),
  );
});

it('drops what is neither, up to the next frame', () => {
  const framing = createRtspFraming();
  const good = frame(Buffer.from('picture'));
  const items = framing.take(Buffer.concat([Buffer.from('\r\n\0\x01'), good]));
  expect(items).toEqual([{ kind: 'frames', bytes: good }]);
});

it.each([
  `RTSP/1.0 200 OK\r\nX: ${'y'.repeat(80_000)}`,
  'RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n',
  'RTSP/1.0 200 OK\r\nContent-Length: -5\r\n\r\n',
  'RTSP/1.0 200 OK\r\nContent-Length: 1e2\r\n\r\n',
  'RTSP/1.0 200 OK\r\nContent-Length: 0x10\r\n\r\n',
  'RTSP/1.0 200 OK\r\nContent-Length: 0\r\nContent-Length: 9\r\n\r\n',
  'RTSP/1.0  302 Moved\r\nLocation: rtsp://127.0.0.2/\r\n\r\n',
  'RTSP/1.0\t302 Moved\r\nLocation: rtsp://127.0.0.2/\r\n\r\n',
  'RTSP/2.0 302 Moved\r\nLocation: rtsp://127.0.0.2/\r\n\r\n',
  'RTSP/1.0 200 OK\nCSeq: 1\n\nRTSP/1.0 302 Moved\nLocation: rtsp://127.0.0.2/\r\n\r\n',
  'RTSP/1.0 200 OK\r\nCSeq: 1\n\nRTSP/1.0 302 Moved\nLocation: rtsp://127.0.0.2/\r\n\r\n',
  'RTSP/1.0 200 OK\r\nX: \0\r\n\r\n',
  'Moved\r\nLocation: rtsp://127.0.0.2/\r\n\r\n',
])('refuses %.60j', (text) => expect(createRtspFraming().take(Buffer.from(text))).toBeNull());
