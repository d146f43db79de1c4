/** Questions of the hub that a person waits for: answered within a bounded time, whatever a camera does. */
import type { FrameResult } from '@hailong/shared/protocol/cameras.ts';
import type { HubToRecorder, ProbeResult, RecorderToHub } from '@hailong/shared/protocol/footage.ts';
import type { Timers } from '@hailong/shared/time.ts';
import type { Cameras, Log } from './ports.ts';

/** Less than the hub waits (30 s). */
export const PROBE_MS = 28_000;
export const DISCOVER_MS = 10_000;
const DETAIL_MAX = 300;

type Question = Extract<HubToRecorder, { type: 'probe' | 'discover' | 'frame' }>;

export async function answerQuestion(
  parts: {
    readonly cameras: Pick<Cameras, 'probe' | 'discover' | 'frame'>;
    readonly timers: Timers;
    readonly log: Log;
  },
  question: Question,
): Promise<RecorderToHub> {
  const { cameras, timers } = parts;
  const { request } = question;
  if (question.type === 'discover') {
    const late = { found: [], code: 'camera.timeout' };
    const failed = { found: [], code: 'camera.bad_reply' };
    const heard = await within(timers, DISCOVER_MS, cameras.discover(), late, noted(parts.log, failed));
    return { type: 'discovered', request, found: heard.found.slice(0, 500), code: heard.code };
  }
  if (question.type === 'frame') {
    const late: FrameResult = { ok: false, code: 'camera.timeout', detail: '' };
    const failed: FrameResult = { ok: false, code: 'camera.bad_reply', detail: '' };
    const asked = cameras.frame(question.from);
    return {
      type: 'framed',
      request,
      result: await within(timers, PROBE_MS, asked, late, noted(parts.log, failed)),
    };
  }
  const late: ProbeResult = { ok: false, code: 'camera.timeout', detail: '' };
  const failed: ProbeResult = { ok: false, code: 'camera.bad_reply', detail: '' };
  const result = await within(timers, PROBE_MS, cameras.probe(question), late, noted(parts.log, failed));
  return {
    ...{ type: 'probed', request },
    result: result.ok ? result : { ...result, detail: result.detail.slice(0, DETAIL_MAX) },
  };
}

const noted =
  <T>(log: Log, answer: T) =>
  (error: unknown): T => {
    log(String(error));
    return answer;
  };

function within<T>(
  timers: Timers,
  ms: number,
  work: Promise<T>,
  late: T,
  failed: (error: unknown) => T,
): Promise<T> {
  return new Promise((done) => {
    const cancel = timers.after(ms, () => done(late));
    work.then(done, (error: unknown) => done(failed(error))).finally(cancel);
  });
}
