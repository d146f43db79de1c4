/* Real clocks and one recorder whose facts a test can look at. */
import { randomUUID } from 'node:crypto';
import {
  type CameraRecorder,
  type RecorderFact,
  type RecorderOptions,
  startCameraRecorder,
} from '@hailong/device-drivers/media/recorder.ts';
import type { Clock, MonotonicMs, Timers, UtcMs } from '@hailong/shared/time.ts';

export const realClock: Clock = {
  now: () => Date.now() as UtcMs,
  monotonic: () => Math.round(performance.now()) as MonotonicMs,
};
export const realTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

export type SegmentFact = Extract<RecorderFact, { kind: 'segment' }>;

export interface Recording extends AsyncDisposable {
  readonly recorder: CameraRecorder;
  readonly facts: readonly RecorderFact[];
  readonly segments: () => readonly SegmentFact[];
  readonly ended: () => readonly string[];
  readonly logged: readonly string[];
}

export function startRecording(camera: RecorderOptions['camera'], folder: string): Recording {
  const facts: RecorderFact[] = [];
  const logged: string[] = [];
  const recorder = startCameraRecorder(
    {
      camera,
      folder,
      newRun: () => randomUUID(),
      clock: realClock,
      timers: realTimers,
      log: (line) => logged.push(line),
    },
    (fact) => facts.push(fact),
  );
  return {
    recorder,
    facts,
    logged,
    segments: () => facts.filter((fact) => fact.kind === 'segment'),
    ended: () => facts.flatMap((fact) => (fact.kind === 'run-ended' ? [fact.reason] : [])),
    async [Symbol.asyncDispose]() {
      await recorder.stop();
    },
  };
}
