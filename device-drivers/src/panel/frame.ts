/**
 * Purpose: CPP/1 frames — `00 | COBS(VF ADDR TYPE TAG payload CRC) | 00` — to bytes and back, nothing about meaning.
 * Refuses: any other major version, payloads over 32 bytes, and every byte sequence whose COBS form or CRC is wrong.
 * Document: firmware-notes/panel-protocol.md, "Frames"; vectors in tests/vectors/panel/.
 */

/** Major version carried in the high nibble of the first byte. HELLO and INFO use 1 in every future version. */
export const PROTOCOL_MAJOR = 1;
/** Payload limit, bytes: keeps a small microcontroller's buffers fixed. */
export const MAX_PAYLOAD_BYTES = 32;
/** VF ADDR TYPE TAG before and two CRC bytes after the payload. */
export const MIN_DECODED_BYTES = 6;
export const MAX_DECODED_BYTES = MIN_DECODED_BYTES + MAX_PAYLOAD_BYTES;
/** COBS adds exactly one byte below 254. */
export const MAX_ENCODED_BYTES = MAX_DECODED_BYTES + 1;

const DIRECTION_BIT = 0x08;
const RETRANSMISSION_BIT = 0x01;

export type Direction = 'host-to-panel' | 'panel-to-host';

export type Frame = {
  readonly direction: Direction;
  readonly retransmission: boolean;
  /** 0 = point to point, 1…247 on a bus, 255 = broadcast. */
  readonly address: number;
  readonly type: number;
  /** 1…255 from the host and echoed in the reply; 0 = unsolicited. */
  readonly tag: number;
  readonly payload: Uint8Array;
};

export type FrameRefusal = 'too-short' | 'cobs' | 'crc' | 'version';
export type FrameDecoding =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly reason: FrameRefusal };

/** CRC-16/CCITT-FALSE: polynomial 1021, start FFFF, no reflection; "123456789" gives 29B1. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

/** Consistent Overhead Byte Stuffing for at most 253 bytes: the result holds no zero. */
export function cobsEncode(bytes: Uint8Array): Uint8Array {
  if (bytes.length > 253) throw new RangeError('cobsEncode takes at most 253 bytes');
  const out = new Uint8Array(bytes.length + 1);
  let codeAt = 0;
  let code = 1;
  for (const [index, byte] of bytes.entries()) {
    if (byte === 0) {
      out[codeAt] = code;
      codeAt = index + 1;
      code = 1;
    } else {
      out[index + 1] = byte;
      code += 1;
    }
  }
  out[codeAt] = code;
  return out;
}

/** Null when the bytes are no complete COBS form of at most 253 bytes. */
export function cobsDecode(encoded: Uint8Array): Uint8Array | null {
  if (encoded.length === 0 || encoded.length > 254) return null;
  const out = new Uint8Array(encoded.length - 1);
  let at = 0;
  while (at < encoded.length) {
    const code = encoded[at]!;
    const end = at + code;
    if (code === 0 || end > encoded.length) return null;
    for (let from = at + 1; from < end; from += 1) {
      const byte = encoded[from]!;
      if (byte === 0) return null;
      out[from - 1] = byte;
    }
    // Between two groups stands one zero; `out` is zero-filled already.
    at = end;
  }
  return out;
}

/** The bytes on the wire, both delimiters included; the leading one flushes noise at the receiver. */
export function encodeFrame(frame: Frame): Uint8Array {
  if (frame.payload.length > MAX_PAYLOAD_BYTES) throw new RangeError('CPP/1 payload over 32 bytes');
  const decoded = new Uint8Array(MIN_DECODED_BYTES + frame.payload.length);
  decoded[0] =
    (PROTOCOL_MAJOR << 4) |
    (frame.direction === 'panel-to-host' ? DIRECTION_BIT : 0) |
    (frame.retransmission ? RETRANSMISSION_BIT : 0);
  decoded[1] = frame.address;
  decoded[2] = frame.type;
  decoded[3] = frame.tag;
  decoded.set(frame.payload, 4);
  const crc = crc16(decoded.subarray(0, decoded.length - 2));
  decoded[decoded.length - 2] = crc >> 8;
  decoded[decoded.length - 1] = crc & 0xff;
  const encoded = cobsEncode(decoded);
  const wire = new Uint8Array(encoded.length + 2);
  wire.set(encoded, 1);
  return wire;
}

/** Takes what stood between two delimiters. */
export function decodeFrame(encoded: Uint8Array): FrameDecoding {
  const decoded = cobsDecode(encoded);
  if (decoded === null || decoded.length > MAX_DECODED_BYTES) return { ok: false, reason: 'cobs' };
  if (decoded.length < MIN_DECODED_BYTES) return { ok: false, reason: 'too-short' };
  if (crc16(decoded) !== 0) return { ok: false, reason: 'crc' };
  const flags = decoded[0]!;
  if (flags >> 4 !== PROTOCOL_MAJOR) return { ok: false, reason: 'version' };
  return {
    ok: true,
    frame: {
      direction: flags & DIRECTION_BIT ? 'panel-to-host' : 'host-to-panel',
      retransmission: (flags & RETRANSMISSION_BIT) !== 0,
      address: decoded[1]!,
      type: decoded[2]!,
      tag: decoded[3]!,
      payload: decoded.slice(4, decoded.length - 2),
    },
  };
}
