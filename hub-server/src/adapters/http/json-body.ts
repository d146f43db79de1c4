/**
 * Purpose: JSON bodies with a bound on depth, judged on the text before it is parsed: 200,000 levels parse well and
 * kill whatever stringifies them later.
 * Refuses: depth over 64 (`request.too_deep`), text that is not JSON or not UTF-8 (`request.invalid`).
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { FastifyInstance } from 'fastify';

const DEPTH_MAX = 64;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Deepest nesting of arrays and objects; stops counting past the bound. */
export function tooDeep(text: string, max = DEPTH_MAX): boolean {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < text.length; index += 1) {
    const sign = text.charCodeAt(index);
    if (inText) {
      if (sign === 0x5c) index += 1;
      else if (sign === 0x22) inText = false;
    } else if (sign === 0x22) inText = true;
    else if (sign === 0x5b || sign === 0x7b) {
      depth += 1;
      if (depth > max) return true;
    } else if (sign === 0x5d || sign === 0x7d) depth -= 1;
  }
  return false;
}

export function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new CodedError('request.invalid', 'utf-8');
  }
}

/** CSV lists may be long; everything else is small. */
export const CSV_BYTES_MAX = 2 * 1024 * 1024;

export function installBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => {
      if (body.length === 0) return undefined;
      const text = decodeText(body);
      if (tooDeep(text)) throw new CodedError('request.too_deep');
      try {
        return JSON.parse(text) as unknown;
      } catch {
        throw new CodedError('request.invalid', 'json');
      }
    },
  );
  app.addContentTypeParser(
    ['text/csv', 'text/plain'],
    { parseAs: 'buffer', bodyLimit: CSV_BYTES_MAX },
    async (_request: unknown, body: Buffer) => decodeText(body),
  );
}
