/**
 * Purpose: one question to one camera through the library `onvif` (its sole user), in a thread of its own. The library
 * throws out of its event handlers when a camera replies in a form it did not expect: here that ends this thread with an
 * error, and not the recorder. It speaks to onvif-guard.ts on loopback, with a placeholder for a login.
 * Refuses: to be believed: onvif-media2-camera.ts reads what it says as a stranger's words.
 */
import { parentPort, workerData } from 'node:worker_threads';
import onvif from 'onvif';

/** Plain data for the thread. */
export interface Media2Question {
  readonly ask: 'describe' | 'time';
  /** The guard's. */
  readonly port: number;
  readonly path: string;
  readonly login: { readonly username: string; readonly password: string } | null;
  readonly requestMs: number;
  /** Profiles whose stream is asked for, widest first. */
  readonly profiles: number;
}

export interface Media2Answer {
  readonly clockOffsetMs: number | null;
  readonly information: Readonly<Record<string, unknown>>;
  readonly profiles: readonly {
    readonly token: string;
    readonly name: unknown;
    readonly width: unknown;
    readonly height: unknown;
    readonly fps: unknown;
    readonly stream: unknown;
    readonly snapshot: unknown;
  }[];
}

type Done<T> = (error: unknown, value?: T) => void;
const asked = <T>(start: (done: Done<T>) => void): Promise<T | undefined> =>
  new Promise((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value))));

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const tokenOf = (profile: unknown): string => String(fields(fields(profile)['$'])['token'] ?? '');

async function answer(question: Media2Question): Promise<Media2Answer> {
  // A fresh one each time: the library takes the camera's time once and keeps it.
  const camera = new onvif.Cam({
    ...{ hostname: '127.0.0.1', port: question.port, path: question.path, timeout: question.requestMs },
    ...{ preserveAddress: true, autoconnect: false },
    ...(question.login ?? {}),
  });
  const began = Date.now();
  const time = await asked<unknown>((done) => camera.getSystemDateAndTime(done));
  const clockOffsetMs = time instanceof Date ? time.getTime() - (began + Date.now()) / 2 : null;
  if (question.ask === 'time') return { clockOffsetMs, information: {}, profiles: [] };

  // Not `connect`: that forgets the profiles of a camera that does not list its video sources, and succeeds with a wrong password.
  const information = fields(await asked<unknown>((done) => camera.getDeviceInformation(done)));
  await asked<unknown>((done) => camera.getServices(true, done)).catch(() =>
    asked<unknown>((done) => camera.getCapabilities(done)),
  );
  await asked<unknown>((done) => camera.getProfiles(done)).catch((error: unknown) => {
    if (!camera.media2Support) throw error;
    camera.media2Support = false;
    return asked<unknown>((done) => camera.getProfiles(done));
  });
  const shapes = (camera.profiles ?? []).map((profile) => {
    const encoder = fields(fields(profile)['videoEncoderConfiguration']);
    const resolution = fields(encoder['resolution']);
    return {
      ...{ token: tokenOf(profile), name: fields(profile)['name'] },
      ...{ width: resolution['width'], height: resolution['height'] },
      fps: fields(encoder['rateControl'])['frameRateLimit'],
    };
  });
  shapes.sort((a, b) => Number(b.width ?? 0) - Number(a.width ?? 0));
  const profiles = [];
  for (const shape of shapes.filter((each) => each.token !== '').slice(0, question.profiles)) {
    const where = { profileToken: shape.token };
    const stream = await asked<unknown>((done) => camera.getStreamUri({ ...where, protocol: 'RTSP' }, done));
    const snapshot = await asked<unknown>((done) => camera.getSnapshotUri(where, done)).catch(() => null);
    // Media2 answers with the address itself, Media1 with a record of it.
    const uriOf = (value: unknown) => (typeof value === 'string' ? value : fields(value)['uri']);
    profiles.push({ ...shape, stream: uriOf(stream), snapshot: uriOf(snapshot) });
  }
  return { clockOffsetMs, information, profiles };
}

if (parentPort !== null) {
  const port = parentPort;
  const answered = await answer(workerData as Media2Question).then(
    (value) => ({ value: JSON.parse(JSON.stringify(value)) as Media2Answer }),
    (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
  );
  port.postMessage(answered);
}
