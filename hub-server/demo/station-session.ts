/**
 * Puts the demo's first officer on duty the way an officer does: enrols a station with a code, logs in with staff code
 * and PIN over HTTP, and waits until the counter's device has made the duty a fact.
 */
import type { StationAnswer } from '@hailong/shared/protocol/http.ts';
import { openSession } from './http-session.ts';

const WAIT_MS = 15_000;
const LOOK_MS = 150;

export async function putOnDuty(
  hub: string,
  enrolCode: string,
  staffCode: string,
  pin: string,
  signal: AbortSignal,
): Promise<boolean> {
  const call = openSession(hub, signal);
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
