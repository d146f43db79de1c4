/**
 * Purpose: read RTSP 1.0 requests (RFC 2326) from a byte stream, interleaved `$` frames skipped, and write responses.
 * Refuses: heads past 8 KB and bodies past 64 KB: the connection is told to end.
 */
const HEAD_BYTES_MAX = 8_192;
const BODY_BYTES_MAX = 65_536;

export interface RtspRequest {
  readonly method: string;
  readonly uri: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export function createRtspReader(onRequest: (request: RtspRequest) => void, onBad: () => void) {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk: Buffer): void => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      if (rest.length === 0) return;
      if (rest[0] === 0x24) {
        if (rest.length < 4 || rest.length < 4 + rest.readUInt16BE(2)) return;
        rest = rest.subarray(4 + rest.readUInt16BE(2));
        continue;
      }
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) {
        if (rest.length > HEAD_BYTES_MAX) onBad();
        return;
      }
      const request = readHead(rest.subarray(0, end).toString('latin1'));
      const bodyBytes = Number(request?.headers['content-length'] ?? 0);
      if (request === null || !(bodyBytes >= 0 && bodyBytes <= BODY_BYTES_MAX)) {
        onBad();
        return;
      }
      if (rest.length < end + 4 + bodyBytes) return;
      rest = rest.subarray(end + 4 + bodyBytes);
      onRequest(request);
    }
  };
}

function readHead(text: string): RtspRequest | null {
  const [first = '', ...lines] = text.split('\r\n');
  const match = /^([A-Z_]{3,16}) (\S{1,1000}) RTSP\/1\.0$/.exec(first);
  if (!match) return null;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { method: match[1] as string, uri: match[2] as string, headers };
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  302: 'Moved Temporarily',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  461: 'Unsupported Transport',
  501: 'Not Implemented',
};

export function rtspResponse(
  status: number,
  cseq: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string {
  const all: Record<string, string> = { CSeq: cseq, Date: new Date().toUTCString(), ...headers };
  if (body !== '') all['Content-Length'] = String(Buffer.byteLength(body));
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `RTSP/1.0 ${status} ${REASONS[status] ?? 'Unknown'}\r\n${lines.join('')}\r\n${body}`;
}
