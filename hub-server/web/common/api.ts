/**
 * One way to ask the hub: JSON in, JSON or a Problem out. Never throws; a hub that does not answer is the Problem
 * `program.unreachable`. The CSRF token of the session goes with every request that changes something.
 */
import { problem } from '@hailong/shared/errors.ts';
import type { Problem } from './wire.ts';

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

/** Longest wait for an answer; probing a camera takes longest, up to 20 s at the recorder. */
const TIMEOUT_MS = 30_000;
let csrfToken: string | null = null;

export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

export const isAway = (p: Problem): boolean => p.code === 'program.unreachable';

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'vi' in value && 'remedy' in value;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export async function call<T>(
  method: Method,
  path: string,
  body?: unknown,
  withinMs = TIMEOUT_MS,
): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  let payload: BodyInit | null = null;
  if (body instanceof FormData) payload = body;
  else if (typeof body === 'string') {
    headers['Content-Type'] = 'text/csv; charset=utf-8';
    payload = body;
  } else if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
    payload = JSON.stringify(body);
  }
  if (method !== 'GET' && csrfToken !== null) headers['X-CSRF-Token'] = csrfToken;
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: payload,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(withinMs),
    });
    const text = await response.text();
    const value: unknown = text === '' ? {} : JSON.parse(text);
    if (response.ok) return { ok: true, value: value as T };
    return { ok: false, problem: isProblem(value) ? value : problem('internal.unexpected') };
  } catch {
    return { ok: false, problem: problem('program.unreachable') };
  }
}

/** A picture by POST: it is opened by an act that leaves a row, never by an address alone. */
export async function fetchPicture(path: string): Promise<Answer<Blob>> {
  const headers: Record<string, string> = csrfToken === null ? {} : { 'X-CSRF-Token': csrfToken };
  try {
    const response = await fetch(path, {
      ...{ method: 'POST', headers, credentials: 'same-origin', cache: 'no-store' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) return { ok: true, value: await response.blob() };
    const value: unknown = await response.json();
    return { ok: false, problem: isProblem(value) ? value : problem('internal.unexpected') };
  } catch {
    return { ok: false, problem: problem('program.unreachable') };
  }
}

export const get = <T>(path: string): Promise<Answer<T>> => call<T>('GET', path);
