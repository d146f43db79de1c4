/**
 * Purpose: the two plain HTTP calls to the hub: the enrolment exchange (once), photos and recordings by hash.
 * Refuses: redirects, answers past their size or time, an answer of another form.
 */
import { type ErrorCode, isErrorCode } from '@hailong/shared/errors.ts';
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import { BLOBS_PATH, ENROL_PATH, type EnrolAnswer, enrolAnswer } from '@hailong/shared/protocol/edge.ts';
import { BLOB_BYTES_MAX } from '../blob-files.ts';

const TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 65_536;

export type EnrolResult =
  | { readonly ok: true; readonly answer: EnrolAnswer }
  | { readonly ok: false; readonly code: ErrorCode };

/** `program.unreachable` when no hub answered; else the hub's own refusal. */
export async function enrolOverHttp(
  hub: string,
  request: { code: string; publicKey: string; build: string },
): Promise<EnrolResult> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(new URL(ENROL_PATH, hub), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = new TextDecoder().decode(await readBounded(response, ANSWER_BYTES_MAX));
  } catch {
    return { ok: false, code: 'program.unreachable' };
  }
  const value = parseJson(text);
  if (!response.ok) {
    const code = typeof value === 'object' && value !== null && 'code' in value ? String(value.code) : '';
    if (isErrorCode(code)) return { ok: false, code };
    return { ok: false, code: response.status >= 500 ? 'program.unreachable' : 'request.invalid' };
  }
  const parsed = enrolAnswer.safeParse(value);
  return parsed.success ? { ok: true, answer: parsed.data } : { ok: false, code: 'request.invalid' };
}

/** Null when the hub has it not, is away, or sends too much; the caller checks the hash. */
export async function fetchBlob(hub: string, sha256: Sha256Hex, token: string): Promise<Uint8Array | null> {
  try {
    const response = await fetch(new URL(BLOBS_PATH + sha256, hub), {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) return await readBounded(response, BLOB_BYTES_MAX);
    await response.body?.cancel();
    return null;
  } catch {
    return null;
  }
}

async function readBounded(response: Response, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new Error('answer too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
