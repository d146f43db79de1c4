/**
 * Purpose: one camera, recorded as long as it is kept: find its stream, record it, seal and index what closes, find it
 * again when it stays away. Facts of one camera are handled strictly one after the other.
 * Refuses: to stop because something failed; every failure is a state with a code, a gap with a reason and a next try.
 */
import type { CameraState, GapReason, RecorderCamera, Segment } from '@hailong/shared/protocol/footage.ts';
import type { Clock, Timers } from '@hailong/shared/time.ts';
import { reasonOf } from '../domain/gap-rule.ts';
import { placeLeapt } from '../domain/place-leapt.ts';
import type { FootageLedger } from './footage-ledger.ts';
import type {
  Cameras,
  FootageFiles,
  Hub,
  InspectFile,
  Log,
  RecorderFact,
  RunClock,
  StreamRecorder,
} from './ports.ts';

export interface KeeperParts {
  readonly cameras: Cameras;
  readonly files: FootageFiles;
  readonly inspect: InspectFile;
  readonly ledger: FootageLedger;
  readonly hub: Pick<Hub, 'tellState'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

/** Between tries to find a camera that answers, ms: doubled from the first to the last. */
export const FIND_PAUSE_MS = { first: 1_000, last: 4_000 } as const;
/** While nobody answers, its address is knocked at this often and nothing else, ms: as often as a recorder's own. */
export const KNOCK_PAUSE_MS = 500;
/** Where a person must act first: cameras lock accounts after a few wrong logins. */
export const REFUSED_PAUSE_MS = 30_000;
/** A stream that stays away so long is looked for again, by and by: its address may have changed. */
export const FIND_AGAIN_MS = 10_000;
/** A recording is given this long to end: ffmpeg has 3 s, the hub waits 5 s for the whole recorder. */
const END_MS = 3_700;

type Picture = Pick<CameraState, 'codec' | 'width' | 'height'>;
const NO_PICTURE: Picture = { codec: null, width: null, height: null };

export class CameraKeeper {
  readonly #parts: KeeperParts;
  #camera: RecorderCamera;
  #state: CameraState;
  #picture = NO_PICTURE;
  #clockOffsetMs: number | null = null;
  #recorder: StreamRecorder | null = null;
  #streamUri = '';
  #run: { readonly id: string; readonly clock: RunClock } | null = null;
  #queue: Promise<void> = Promise.resolve();
  /** The end of a recorder that is being replaced. */
  #ending: Promise<void> = Promise.resolve();
  #pauseMs: number = FIND_PAUSE_MS.first;
  #cancel = (): void => undefined;
  #searching = false;
  #replacing = false;
  #stopped = false;

  constructor(camera: RecorderCamera, parts: KeeperParts) {
    this.#parts = parts;
    this.#camera = camera;
    this.#state = this.#stateOf('connecting', null);
    this.#find();
  }

  state(): CameraState {
    return this.#state;
  }

  /** Name, retention or latency changed; another address or login needs another keeper. */
  rename(camera: RecorderCamera): void {
    this.#camera = camera;
  }

  /** Ends the recording, indexes what it closed and tells why nothing follows. */
  async stop(reason: GapReason, code: string | null): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#atMost(END_MS, Promise.all([this.#ending, this.#recorder?.stop()]));
    this.#recorder = null;
    const at = this.#parts.clock.now();
    this.#later(async () => this.#parts.ledger.interrupted(this.#camera.id, reason, at));
    await this.#queue;
    this.#tell(code === null ? 'off' : 'down', code);
  }

  #find(): void {
    void this.#tryFind().catch((error: unknown) => this.#missed('camera.unreachable', String(error)));
  }

  async #tryFind(): Promise<void> {
    const { cameras, files } = this.#parts;
    const found = await cameras.find(this.#camera);
    if (this.#stopped) return;
    if (!found.ok) return this.#missed(found.code, found.detail);
    this.#pauseMs = FIND_PAUSE_MS.first;
    this.#clockOffsetMs = found.clockOffsetMs;
    this.#streamUri = found.streamUri;
    this.#recorder = cameras.record(this.#camera, found.streamUri, files.path(this.#camera.id), (fact) =>
      this.#heard(fact),
    );
  }

  /** Until somebody listens there. */
  #knock(): void {
    this.#cancel = this.#parts.timers.after(KNOCK_PAUSE_MS, () => {
      void this.#parts.cameras.knock(this.#camera).then((open) => {
        if (this.#stopped) return;
        if (open) this.#find();
        else this.#knock();
      });
    });
  }

  #missed(code: string, detail: string): void {
    if (this.#stopped) return;
    if (this.#state.code !== code) this.#parts.log(`${this.#camera.name}: ${code} ${detail}`);
    const at = this.#parts.clock.now();
    this.#later(async () => this.#parts.ledger.interrupted(this.#camera.id, reasonOf(code), at));
    this.#tell('down', code);
    if (code === 'camera.unreachable' || code === 'camera.timeout') {
      this.#knock();
      return;
    }
    const pauseMs = reasonOf(code) === 'refused' ? REFUSED_PAUSE_MS : this.#pauseMs;
    this.#cancel = this.#parts.timers.after(pauseMs, () => this.#find());
    this.#pauseMs = Math.min(this.#pauseMs * 2, FIND_PAUSE_MS.last);
  }

  #heard(fact: RecorderFact): void {
    switch (fact.kind) {
      case 'run-started':
        this.#later(async () => {
          const { run, continues } = fact;
          const before = continues?.run === this.#run?.id ? this.#run?.clock : undefined;
          const clock = continues && before?.continued(continues.shiftMs);
          this.#run = { id: run, clock: clock ?? this.#parts.cameras.runClock() };
        });
        return;
      case 'segment':
        this.#later(() => this.#keep(fact));
        return;
      case 'run-ended': {
        const at = this.#parts.clock.now();
        const asked = this.#stopped || this.#replacing;
        this.#later(async () => {
          if (!asked) this.#parts.ledger.interrupted(this.#camera.id, fact.reason, at);
        });
        return;
      }
      case 'state':
        this.#stateHeard(fact);
    }
  }

  #stateHeard(fact: Extract<RecorderFact, { kind: 'state' }>): void {
    if (fact.codec !== null) this.#picture = { codec: fact.codec, width: fact.width, height: fact.height };
    if (this.#stopped) return;
    if (fact.code !== null && fact.code !== this.#state.code)
      this.#parts.log(`${this.#camera.name}: ${fact.code}`);
    this.#tell(fact.state, fact.code);
    if (fact.state === 'recording') {
      this.#cancel();
      this.#searching = false;
    }
    if (fact.state !== 'down') return;
    const at = this.#parts.clock.now();
    this.#later(async () => this.#parts.ledger.interrupted(this.#camera.id, reasonOf(fact.code), at));
    if (!this.#searching) this.#searchLater();
  }

  /** The recorder goes on trying where the stream was; found elsewhere, another takes its place. */
  #searchLater(): void {
    this.#searching = true;
    const pauseMs = reasonOf(this.#state.code) === 'refused' ? REFUSED_PAUSE_MS : FIND_AGAIN_MS;
    // It may have come back and gone again while it was looked up.
    this.#cancel();
    this.#cancel = this.#parts.timers.after(pauseMs, () => {
      void this.#search().catch((error: unknown) => {
        this.#parts.log(`${this.#camera.name}: ${String(error)}`);
        if (this.#searching && !this.#stopped) this.#searchLater();
      });
    });
  }

  async #search(): Promise<void> {
    const found = await this.#parts.cameras.find(this.#camera);
    if (this.#stopped || !this.#searching) return;
    if (!found.ok || found.streamUri === this.#streamUri) {
      this.#searchLater();
      return;
    }
    this.#searching = false;
    this.#replacing = true;
    this.#ending = this.#recorder?.stop() ?? Promise.resolve();
    this.#recorder = null;
    await this.#ending;
    this.#replacing = false;
    if (!this.#stopped) this.#find();
  }

  async #keep(fact: Extract<RecorderFact, { kind: 'segment' }>): Promise<void> {
    const { files, inspect, ledger, log } = this.#parts;
    const { run, arrivalAt, arrivalMonoMs, flags } = fact;
    const file = files.name(fact.file);
    if (file === null || this.#run?.id !== run)
      return log(`${this.#camera.name}: not of this run: ${fact.file}`);
    const { film: read, ...sealed } = await files.seal(file);
    if (sealed.bytes === 0) return files.remove(file);
    const film = read ?? (await inspect(files.path(file)));
    const leapt = flags.includes('reset') || fact.mediaEndMs <= fact.mediaStartMs;
    const span = leapt && film.kind === 'film' ? placeLeapt(fact, film.durationMs) : fact;
    const { mediaStartMs } = span;
    // A full disk lets ffmpeg list what it could not write.
    const mediaEndMs =
      film.kind === 'film' && film.torn && !leapt
        ? Math.min(span.mediaEndMs, mediaStartMs + film.durationMs)
        : span.mediaEndMs;
    // Nobody knows of a picture in it: the sweep looks again, and asks whether it is held.
    if (film.kind === 'broken' || mediaEndMs <= mediaStartMs)
      return log(`${file}: no picture or no length, left to the sweep`);
    const { clock: machine } = this.#parts;
    const steadyAt = machine.now() - machine.monotonic() + arrivalMonoMs;
    const listed = { mediaEndMs: span.mediaEndMs, arrivalAt: steadyAt, arrivalMonoMs };
    const clock = this.#run.clock.observe(listed);
    ledger.segment(
      {
        ...{ camera: this.#camera.id, run, file, mediaStartMs, mediaEndMs, ...sealed },
        ...{ codec: film.kind === 'film' ? film.codec : 'other' },
        ...(film.kind === 'film' && film.initBytes !== undefined ? { initBytes: film.initBytes } : {}),
        arrivalAt: arrivalAt as Segment['arrivalAt'],
        arrivalMonoMs: arrivalMonoMs as Segment['arrivalMonoMs'],
        flags: [...flags],
      },
      {
        ...{ method: 'min-arrival', latencyMs: this.#camera.latencyMs },
        ...clock,
      },
      // A clock that leapt looks like a pause as well.
      film.kind === 'film' && !flags.includes('reset') ? film.stalls : [],
    );
  }

  #atMost(ms: number, work: Promise<unknown>): Promise<void> {
    return new Promise((done) => {
      const cancel = this.#parts.timers.after(ms, done);
      void work.finally(() => {
        cancel();
        done();
      });
    });
  }

  /** One fact after the other; a file that cannot be kept now is found again by the next sweep. */
  #later(work: () => Promise<void>): void {
    this.#queue = this.#queue
      .then(work)
      .catch((error: unknown) => this.#parts.log(`${this.#camera.name}: ${String(error)}`));
  }

  #tell(state: CameraState['state'], code: string | null): void {
    this.#state = this.#stateOf(state, code);
    this.#parts.hub.tellState(this.#state);
  }

  #stateOf(state: CameraState['state'], code: string | null): CameraState {
    return {
      camera: this.#camera.id,
      ...{ state, code, ...this.#picture, clockOffsetMs: this.#clockOffsetMs },
      at: this.#parts.clock.now(),
    };
  }
}
