/**
 * Purpose: the second ONVIF adapter of the camera port, for cameras on which node-onvif fails: those that offer Media2 only
 * and H.265 profiles. It asks through the library `onvif` in a thread, and like the first only through onvif-guard.ts,
 * which answers HTTP digest and speaks HTTPS.
 * Refuses: to believe what comes back: tokens, numbers and addresses are read one by one, hosts pinned to the configured one.
 */
import { Worker } from 'node:worker_threads';
import { type AddressPolicy, type PinnedAddress, pinReturned } from './address-policy.ts';
import {
  CAMERA_LIMITS,
  type CameraAnswer,
  type CameraDescription,
  type CameraPort,
  type CameraProfile,
  type CameraTarget,
  failure,
  wordsOf,
} from './camera.ts';
import { openOnvifGuard } from './onvif-guard.ts';
import type { Media2Answer, Media2Question } from './onvif-media2-worker.ts';

/** Streams asked for, widest first: the one to record is among them. */
const PROFILES_MAX = 4;
/** The guard writes the real login. */
const PLACEHOLDER = { username: 'guard', password: 'guard' };

const positive = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;

/** The thread's answer, or why there is none; it is ended either way. */
function askInThread(question: Media2Question): Promise<Media2Answer | { readonly error: string }> {
  return new Promise((done) => {
    const worker = new Worker(new URL('./onvif-media2-worker.ts', import.meta.url), {
      workerData: question,
      resourceLimits: { maxOldGenerationSizeMb: 64 },
      stdout: true,
      stderr: true,
      execArgv: [],
    });
    const end = (answer: Media2Answer | { readonly error: string }) => {
      clearTimeout(timer);
      void worker.terminate();
      done(answer);
    };
    const timer = setTimeout(() => end({ error: 'late' }), CAMERA_LIMITS.probeMs);
    worker.on('message', (said: { value?: Media2Answer; error?: string }) =>
      end(said.value ?? { error: said.error ?? '' }),
    );
    worker.on('error', (error: unknown) =>
      end({ error: error instanceof Error ? error.message : String(error) }),
    );
    worker.on('exit', () => end({ error: 'ended' }));
  });
}

export function createOnvifMedia2Camera(policy: AddressPolicy): Omit<CameraPort, 'discover'> {
  async function ask(
    target: CameraTarget,
    what: Media2Question['ask'],
  ): Promise<CameraAnswer<{ answer: Media2Answer; pinned: PinnedAddress }>> {
    const admitted = await policy.admit(target.address);
    if (!admitted.ok) return admitted;
    const pinned = admitted.value;
    if (pinned.scheme !== 'http' && pinned.scheme !== 'https')
      return failure('camera.address_refused', 'ONVIF needs an http(s) address');
    const guard = await openOnvifGuard(pinned, target);
    try {
      const through = new URL(guard.xaddr);
      const answer = await askInThread({
        ...{ ask: what, port: Number(through.port), path: `${through.pathname}${through.search}` },
        login: target.user === '' ? null : PLACEHOLDER,
        ...{ requestMs: CAMERA_LIMITS.requestMs, profiles: PROFILES_MAX },
      });
      if (!('error' in answer)) return { ok: true, value: { answer, pinned } };
      if (answer.error === 'late') return failure('camera.timeout', 'probe took too long');
      return guard.failure() ?? failure('camera.bad_reply', answer.error);
    } finally {
      guard.close();
    }
  }

  return {
    async probe(target) {
      const asked = await ask(target, 'describe');
      return asked.ok ? describe(asked.value.answer, asked.value.pinned) : asked;
    },
    async deviceTime(target) {
      const asked = await ask(target, 'time');
      if (!asked.ok) return asked;
      const { clockOffsetMs } = asked.value.answer;
      return { ok: true, value: clockOffsetMs === null ? null : Math.round(clockOffsetMs) };
    },
  };
}

function describe(answer: Media2Answer, pinned: PinnedAddress): CameraAnswer<CameraDescription> {
  const profiles: CameraProfile[] = [];
  let hostReplaced = false;
  for (const raw of answer.profiles) {
    const stream = pinReturned(raw.stream, pinned, ['rtsp', 'rtsps']);
    if (stream === null) continue;
    hostReplaced ||= stream.replaced;
    profiles.push({
      ...{ token: wordsOf(raw.token) ?? '', name: wordsOf(raw.name) ?? '' },
      ...{ width: positive(raw.width), height: positive(raw.height), fps: positive(raw.fps) },
      streamUri: stream.uri,
      snapshotUri: pinReturned(raw.snapshot, pinned, ['http', 'https'])?.uri ?? null,
    });
  }
  const [best] = profiles;
  if (best === undefined) return failure('camera.bad_reply', 'no profile with a usable RTSP address');
  const said = answer.information;
  return {
    ok: true,
    value: {
      ...{ manufacturer: wordsOf(said['manufacturer']), model: wordsOf(said['model']) },
      ...{ firmware: wordsOf(said['firmwareVersion']), serial: wordsOf(said['serialNumber']) },
      ...{ profiles, streamUri: best.streamUri, snapshotUri: best.snapshotUri, hostReplaced },
      clockOffsetMs: answer.clockOffsetMs === null ? null : Math.round(answer.clockOffsetMs),
      via: 'onvif',
    },
  };
}
