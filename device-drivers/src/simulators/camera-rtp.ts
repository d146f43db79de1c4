/**
 * Purpose: RTP packets for H.264 (RFC 6184: single NAL and FU-A) and H.265 (RFC 7798: single NAL and FU), and RTCP
 * sender reports (RFC 3550). Pure: bytes in, bytes out.
 */
import type { SimulatedCodec } from './camera-annexb.ts';

/** RTP payload of one packet; below an Ethernet frame also when it goes by UDP. */
const PAYLOAD_BYTES = 1_400;
export const RTP_CLOCK_HZ = 90_000;
/** Seconds between 1900 (NTP) and 1970 (UTC). */
const NTP_OFFSET_S = 2_208_988_800;

export interface RtpState {
  sequence: number;
  readonly ssrc: number;
  packets: number;
  bytes: number;
}

/** The packets of one access unit; the last one carries the marker. */
export function rtpPackets(
  codec: SimulatedCodec,
  nals: readonly Buffer[],
  timestamp: number,
  state: RtpState,
): Buffer[] {
  const payloads = nals.flatMap((nal) => fragments(codec, nal));
  return payloads.map((payload, index) => {
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = 96 | (index === payloads.length - 1 ? 0x80 : 0);
    header.writeUInt16BE(state.sequence & 0xffff, 2);
    header.writeUInt32BE(timestamp >>> 0, 4);
    header.writeUInt32BE(state.ssrc, 8);
    state.sequence += 1;
    state.packets += 1;
    state.bytes += payload.length;
    return Buffer.concat([header, payload]);
  });
}

function fragments(codec: SimulatedCodec, nal: Buffer): Buffer[] {
  if (nal.length <= PAYLOAD_BYTES) return [nal];
  const first = nal[0] ?? 0;
  const headerBytes = codec === 'h264' ? 1 : 2;
  const prefix =
    codec === 'h264'
      ? Buffer.from([(first & 0xe0) | 28])
      : Buffer.from([(first & 0x81) | (49 << 1), nal[1] ?? 0]);
  const type = codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f;
  const out: Buffer[] = [];
  for (let at = headerBytes; at < nal.length; at += PAYLOAD_BYTES) {
    const piece = nal.subarray(at, at + PAYLOAD_BYTES);
    const start = at === headerBytes ? 0x80 : 0;
    const end = at + PAYLOAD_BYTES >= nal.length ? 0x40 : 0;
    out.push(Buffer.concat([prefix, Buffer.from([start | end | type]), piece]));
  }
  return out;
}

/** A sender report: which wall time (ms since 1970) the RTP timestamp stands for. */
export function senderReport(state: RtpState, wallMs: number, timestamp: number): Buffer {
  const report = Buffer.alloc(28);
  report[0] = 0x80;
  report[1] = 200;
  report.writeUInt16BE(6, 2);
  report.writeUInt32BE(state.ssrc, 4);
  report.writeUInt32BE(Math.floor(wallMs / 1000) + NTP_OFFSET_S, 8);
  report.writeUInt32BE(Math.floor(((wallMs % 1000) / 1000) * 0x1_0000_0000) >>> 0, 12);
  report.writeUInt32BE(timestamp >>> 0, 16);
  report.writeUInt32BE(state.packets >>> 0, 20);
  report.writeUInt32BE(state.bytes >>> 0, 24);
  return report;
}
