/**
 * Purpose: what flows over one RTSP connection, told apart: media frames (`$`, RFC 2326 section 10.12), handed on as they
 * come and never copied, and messages, whole. Pure.
 * Refuses: a message past 64 KB, and whatever two readers could read in two ways (null): line ends that are not CRLF, another
 * version, a length that is no plain number or stands twice. Bytes that are neither are dropped up to the next frame.
 */

/** A request or a reply. */
export interface RtspMessage {
  readonly kind: 'message';
  /** `RTSP/1.0 200 OK` or `DESCRIBE rtsp://… RTSP/1.0`. */
  readonly first: string;
  /** In order, names as written. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** Whole or partial frames: a piece of what was given, valid until the next call. */
export interface RtspFrames {
  readonly kind: 'frames';
  readonly bytes: Buffer;
}

export interface RtspFraming {
  /** What these bytes complete, in order; null: not RTSP, the connection is of no use. */
  take(bytes: Buffer): readonly (RtspMessage | RtspFrames)[] | null;
  /** Bytes of media in the frames that began: on even channels, since odd ones carry RTCP. */
  mediaBytes(): number;
}

export const RTSP_MESSAGE_BYTES_MAX = 65_536;
const FRAME = 0x24;
const FRAME_HEAD_BYTES = 4;

export function createRtspFraming(): RtspFraming {
  /** Of the frame that is passing: bytes of its head seen, high byte of its length, bytes still to come. */
  let head = 0;
  let high = 0;
  let left = 0;
  let isMedia = false;
  let mediaBytes = 0;
  /** The beginning of a message. */
  let text: Buffer | null = null;

  /** The end of the frames that begin at `from`. */
  const passFrames = (bytes: Buffer, from: number): number => {
    let at = from;
    while (at < bytes.length) {
      if (left > 0) {
        const passed = Math.min(left, bytes.length - at);
        left -= passed;
        at += passed;
      } else if (head === 0 && bytes[at] !== FRAME) break;
      else if (head === 0 && at + FRAME_HEAD_BYTES <= bytes.length) {
        left = bytes.readUInt16BE(at + 2);
        if (((bytes[at + 1] as number) & 1) === 0) mediaBytes += left;
        at += FRAME_HEAD_BYTES;
      } else {
        const byte = bytes[at] as number;
        if (head === 1) isMedia = (byte & 1) === 0;
        if (head === 2) high = byte;
        if (head === 3) {
          left = high * 256 + byte;
          if (isMedia) mediaBytes += left;
        }
        head = (head + 1) % FRAME_HEAD_BYTES;
        at += 1;
      }
    }
    return at;
  };

  return {
    mediaBytes: () => mediaBytes,
    take(given) {
      const found: (RtspMessage | RtspFrames)[] = [];
      const bytes = text === null ? given : Buffer.concat([text, given]);
      text = null;
      let at = 0;
      while (at < bytes.length) {
        const end = passFrames(bytes, at);
        if (end > at) found.push({ kind: 'frames', bytes: bytes.subarray(at, end) });
        at = end;
        if (at >= bytes.length) break;
        if (!isUpper(bytes[at] as number)) {
          at = nextStart(bytes, at + 1);
          continue;
        }
        const read = readRtspMessage(bytes.subarray(at));
        if (read === 'bad') return null;
        if (read === null) {
          text = Buffer.from(bytes.subarray(at));
          break;
        }
        found.push(read.message);
        at += read.length;
      }
      return found;
    },
  };
}

const isUpper = (byte: number) => byte >= 0x41 && byte <= 0x5a;
/** Where a frame or a message may begin again. */
function nextStart(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== FRAME && !isUpper(bytes[at] as number)) at += 1;
  return at;
}

/** A reply, or a request. */
const FIRST_LINE =
  /^(?:RTSP\/1\.[01] [1-5]\d\d(?: [\x20-\x7e\x80-\xff]*)?|[A-Z_]{3,16} [\x21-\x7e]{1,2000} RTSP\/1\.[01])$/;

/** The message that `bytes` begin with; null: more bytes are needed. */
export function readRtspMessage(
  bytes: Buffer,
): { readonly message: RtspMessage; readonly length: number } | 'bad' | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return bytes.length > RTSP_MESSAGE_BYTES_MAX ? 'bad' : null;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  if (!FIRST_LINE.test(first) || lines.some((line) => /[\r\n\0]/.test(line))) return 'bad';
  const headers = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
  });
  const lengths = headers
    .filter(([name]) => name.toLowerCase() === 'content-length')
    .map(([, value]) => value);
  const [told = '0'] = lengths;
  const length = Number(told);
  if (lengths.length > 1 || !/^\d{1,5}$/.test(told) || end + length > RTSP_MESSAGE_BYTES_MAX) return 'bad';
  const whole = end + 4 + length;
  if (bytes.length < whole) return null;
  const body = Buffer.from(bytes.subarray(end + 4, whole));
  return { message: { kind: 'message', first, headers, body }, length: whole };
}

/** The first header of that name, which is in small letters. */
export const headerOf = (headers: RtspMessage['headers'], name: string): string | undefined =>
  headers.find(([key]) => key.toLowerCase() === name)?.[1];

/** `RTSP/1.0 404 Not Found` → 404; null: a request. */
export function statusOf(message: RtspMessage): number | null {
  const match = /^RTSP\/1\.[01] (\d{3})/.exec(message.first);
  return match ? Number(match[1]) : null;
}

export function rtspMessageBytes(
  first: string,
  headers: readonly (readonly [string, string])[],
  body: Buffer,
): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`${first}\r\n${lines}\r\n`, 'latin1'), body]);
}
