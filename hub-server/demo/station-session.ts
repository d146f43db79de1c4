/**
 * Puts the demo's first officer on duty the way an officer does: enrols a station with a code, logs in with staff code
 * and PIN over HTTP, and waits until the counter's device has made the duty a fact.
 */
import type { StationAnswer } from '@hailong/shared/protocol/http.ts';

const WAIT_MS = 15_000;
const LOOK_MS = 150;

export async function putOnDuty(
  hub: string,
  enrolCode: string,
  staffCode: string,
  pin: string,
  signal: AbortSignal,
): Promise<boolean> {
  const cookies = new Map<string, string>();
  let csrf = '';
  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${hub}${path}`, {
      method,
      signal,
      headers: {
        origin: hub,
        'x-csrf-token': csrf,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const pair = line.split(';')[0] ?? '';
      const at = pair.indexOf('=');
      if (at > 0) cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    const value = text ? (JSON.parse(text) as { csrfToken?: string }) : null;
    if (value?.csrfToken) csrf = value.csrfToken;
    return value;
  }

  await call('POST', '/api/v1/station/enrol', { code: enrolCode });
  const before = (await call('GET', '/api/v1/station')) as StationAnswer;
  if (before.duty?.state === 'started') return true;
  await call('POST', '/api/v1/station/login', { staffCode, pin });
  const deadline = performance.now() + WAIT_MS;
  while (performance.now() < deadline) {
    const { duty } = (await call('GET', '/api/v1/station')) as StationAnswer;
    if (duty?.state === 'started') return true;
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
  return false;
}
