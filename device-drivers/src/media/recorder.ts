/**
 * Purpose: record one camera for as long as it is asked to: carries out what recorder-machine.ts decides, with a real
 * ffmpeg, and tells facts as they happen. Files lie in `folder`/<first run>/NNNNNN.mp4 and are told once closed.
 * Refuses: losing a closed file (what a killed ffmpeg left is told as `recovered`), a run longer than an hour: media and
 * machine clocks part, so a new run continues the old one without a break and without a lost picture.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GapReason, Segment } from '@hailong/shared/protocol/footage.ts';
import type { Clock, Timers } from '@hailong/shared/time.ts';
import { readPinned } from '../camera/address-policy.ts';
import { describeStream } from '../camera/rtsp-describe.ts';
import { endByWall } from './clock-watch.ts';
import { type RunningFfmpeg, type StreamInput, startSegmenting } from './ffmpeg.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { knock } from './knock.ts';
import { inspectFile } from './probe.ts';
import {
  idleRecorder,
  nextTickAt,
  type RecorderEffect,
  type RecorderInput,
  type StreamCode,
  stepRecorder,
} from './recorder-machine.ts';
import {
  type ListedSegment,
  namesAfter,
  readListLine,
  readSaid,
  readStreamLine,
  type SaidStream,
} from './segments.ts';

export type RecorderFact =
  /** `continues`: no break; media time 0 of this run is `shiftMs` of that one. */
  | {
      readonly kind: 'run-started';
      readonly run: string;
      readonly continues?: { run: string; shiftMs: number };
    }
  | {
      readonly kind: 'segment';
      readonly run: string;
      /** Absolute. */
      readonly file: string;
      readonly mediaStartMs: number;
      readonly mediaEndMs: number;
      readonly arrivalAt: number;
      readonly arrivalMonoMs: number;
      readonly flags: readonly Segment['flags'][number][];
    }
  | { readonly kind: 'run-ended'; readonly run: string; readonly reason: GapReason }
  | {
      readonly kind: 'state';
      readonly state: 'connecting' | 'recording' | 'down';
      readonly code: string | null;
      readonly codec: string | null;
      readonly width: number | null;
      readonly height: number | null;
    };

export interface RecordedCamera extends StreamInput {
  readonly id: string;
}

export interface RecorderOptions {
  readonly camera: RecordedCamera;
  /** Absolute, this camera's own; made when missing. */
  readonly folder: string;
  /** Mints the id of a run. */
  newRun(): string;
  readonly clock: Clock;
  readonly timers: Timers;
  /** One line for the operator, without password. */
  log?(line: string): void;
}

export interface CameraRecorder {
  /** Resolves when ffmpeg is gone and its last file was told. */
  stop(): Promise<void>;
}

/** A run is mapped to wall time by one offset; in an hour a crystal 50 ppm off moves it by 180 ms. */
const RUN_MAX_MS = 3_600_000;

/** What a code means for the footage that is missing; null is a stop that was asked for. */
export function gapReason(code: StreamCode | null): GapReason {
  switch (code) {
    case null:
      return 'recorder-down';
    case 'camera.auth_refused':
    case 'camera.basic_refused':
    case 'camera.address_refused':
    case 'camera.redirected':
    case 'camera.no_tcp':
      return 'refused';
    case 'camera.wrong_codec':
      return 'wrong-codec';
    case 'camera.silent':
      return 'camera-silent';
    case 'camera.clock_reset':
      return 'clock-reset';
    case 'program.disk_full':
      return 'disk-full';
    case 'ffmpeg.missing':
    case 'ffmpeg.failed':
      return 'recorder-down';
    default:
      return 'camera-down';
  }
}

/** Smaller than what a second of any camera takes, bytes. */
const TRIED_BYTES = 262_144;

/** Asks the disk itself. */
function isFull(folder: string): boolean {
  const tried = join(folder, 'tried');
  try {
    writeFileSync(tried, Buffer.alloc(TRIED_BYTES, 1), { mode: 0o600 });
    return false;
  } catch (error) {
    return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
  } finally {
    rmSync(tried, { force: true });
  }
}

const fileName = (number: number) => `${String(number).padStart(6, '0')}.mp4`;

interface Run {
  id: string;
  /** Media time of the ffmpeg process at which this run begins. */
  baseMs: number;
  readonly folder: string;
  /** Highest file number told. */
  told: string;
  endMs: number;
  /** When its last line came, or it was launched. */
  arrivedMonoMs: number;
}

export function startCameraRecorder(
  options: RecorderOptions,
  listen: (fact: RecorderFact) => void,
): CameraRecorder {
  const { camera, clock, timers } = options;
  const address = readPinned(camera.streamUri);
  let machine = idleRecorder;
  let codec: 'h264' | 'hevc' = 'h264';
  let stream: SaidStream | null = null;
  let ffmpeg: RunningFfmpeg | null = null;
  let run: Run | null = null;
  let pending: { listed: ListedSegment; arrivalAt: number; arrivalMonoMs: number } | null = null;
  let stopTick: () => void = () => undefined;
  let tickAt: number | null = null;
  let finished: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    finished = resolve;
  });

  const now = () => clock.monotonic();
  const give = (input: RecorderInput) => {
    const { state, effects } = stepRecorder(machine, input);
    machine = state;
    for (const effect of effects) carryOut(effect);
    schedule();
  };
  /** One timer, for the moment the machine names: a healthy recording wakes nobody between two looks. */
  const schedule = () => {
    const next = nextTickAt(machine);
    if (next === tickAt) return;
    stopTick();
    tickAt = next;
    if (next === null) return;
    stopTick = timers.after(Math.max(0, next - now()), () => {
      tickAt = null;
      give({ type: 'tick', at: now() });
    });
  };

  function carryOut(effect: RecorderEffect): void {
    switch (effect.do) {
      case 'check':
        void check().then((code) => give({ type: 'checked', at: now(), code }));
        return;
      case 'launch':
        launch();
        return;
      case 'interrupt':
        ffmpeg?.interrupt();
        return;
      case 'kill':
        ffmpeg?.kill();
        return;
      case 'knock':
        if (address !== null)
          void knock(address).then((open) => open && give({ type: 'reachable', at: now() }));
        return;
      case 'look':
        void look().then((seen) =>
          give({ type: 'looked', at: now(), seen, mediaBytes: ffmpeg?.mediaBytes() ?? 0 }),
        );
        return;
      case 'keep':
        keep(effect.flags, effect.mediaEndMs);
        return;
      case 'run-ended':
        if (run !== null) listen({ kind: 'run-ended', run: run.id, reason: gapReason(effect.code) });
        run = null;
        return;
      case 'state':
        listen({
          kind: 'state',
          state: effect.state,
          code: effect.code,
          codec: stream?.codec ?? null,
          width: stream?.width ?? null,
          height: stream?.height ?? null,
        });
        return;
      case 'stopped':
        stopTick();
        finished();
        return;
    }
  }

  async function check(): Promise<StreamCode | null> {
    if (address === null) return 'camera.address_refused';
    if (findFfmpeg() === null) return 'ffmpeg.missing';
    const offered = await describeStream(address, camera);
    if (!offered.ok) return offered.code as StreamCode;
    if (offered.value === 'other') return 'camera.wrong_codec';
    codec = offered.value;
    return null;
  }

  function launch(): void {
    const place = findFfmpeg();
    const id = options.newRun();
    const folder = join(options.folder, id);
    stream = null;
    run = { id, baseMs: 0, folder, told: '', endMs: 0, arrivedMonoMs: now() };
    listen({ kind: 'run-started', run: id });
    const exited = (code: StreamCode | null) => {
      ffmpeg = null;
      if (code !== null) give({ type: 'noticed', at: now(), what: code });
      give({ type: 'exited', at: now() });
    };
    if (place === null) {
      exited('ffmpeg.missing');
      return;
    }
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      ffmpeg = startSegmenting(
        place,
        camera,
        { folder, codec },
        {
          line: (text) => listed(readListLine(text), clock.now(), now()),
          said,
          refused: (what) => give({ type: 'noticed', at: now(), what }),
          // By nobody here: what we end ourselves is not asked any more.
          killed: () => give({ type: 'noticed', at: now(), what: 'ffmpeg.failed' }),
          ended: () =>
            void leftovers()
              .catch((error: unknown) => options.log?.(`camera ${camera.id}: ${String(error)}`))
              // A camera that refuses to play makes one each two seconds; one that holds a file refuses to go.
              .then(() => rmdir(folder).catch(() => undefined))
              .then(() => exited(null)),
        },
      );
    } catch (error) {
      const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
      options.log?.(`camera ${camera.id}: ${error instanceof Error ? error.message : 'cannot start'}`);
      exited(full ? 'program.disk_full' : 'ffmpeg.failed');
    }
  }

  function said(line: string): void {
    stream ??= readStreamLine(line);
    const what = readSaid(line);
    if (what === 'program.disk_full' && (run === null || !isFull(run.folder))) return;
    if (what !== null) {
      options.log?.(`camera ${camera.id}: ${line}`);
      give({ type: 'noticed', at: now(), what });
    }
  }

  function listed(segment: ListedSegment | null, arrivalAt: number, arrivalMonoMs: number): void {
    if (segment === null || run === null) return;
    pending = { listed: segment, arrivalAt, arrivalMonoMs };
    give({ type: 'segment', at: arrivalMonoMs, mediaEndMs: segment.endMs });
    pending = null;
  }

  /** Name and size of the file that is being written. */
  async function look(): Promise<string | null> {
    if (run === null) return null;
    const name = fileName(run.told === '' ? 0 : Number.parseInt(run.told, 10) + 1);
    const found = await stat(join(run.folder, name)).catch(() => null);
    return found === null || found.size === 0 ? null : `${name}:${found.size}`;
  }

  function keep(flags: readonly ('first' | 'reset')[], endMs: number): void {
    if (run === null || pending === null) return;
    const { arrivalAt, arrivalMonoMs } = pending;
    const { listed } = pending;
    // A clock that leapt ahead claims a beginning that had not come: that file follows on what lies before it.
    const startMs = flags.includes('reset') ? Math.min(listed.startMs, run.endMs) : listed.startMs;
    const segment = { name: listed.name, startMs, endMs: Math.max(startMs, Math.round(endMs)) };
    if (segment.startMs - run.baseMs >= RUN_MAX_MS) {
      const continues = { run: run.id, shiftMs: segment.startMs - run.baseMs };
      run = { ...run, id: options.newRun(), baseMs: segment.startMs };
      listen({ kind: 'run-started', run: run.id, continues });
    }
    run.told = segment.name;
    run.endMs = segment.endMs;
    run.arrivedMonoMs = arrivalMonoMs;
    listen({
      kind: 'segment',
      run: run.id,
      file: join(run.folder, segment.name),
      mediaStartMs: segment.startMs - run.baseMs,
      mediaEndMs: segment.endMs - run.baseMs,
      arrivalAt,
      arrivalMonoMs,
      flags,
    });
  }

  /** Files that a killed ffmpeg did not list any more: told by what is in them. */
  async function leftovers(): Promise<void> {
    const current = run;
    if (current === null) return;
    const reset = machine.code === 'camera.clock_reset';
    const names = namesAfter(readdirSync(current.folder), current.told);
    for (const name of names) {
      const file = join(current.folder, name);
      const film = await inspectFile(file);
      const written = await stat(file).catch(() => null);
      if (film.kind !== 'film' || written === null) continue;
      const startMs = current.endMs;
      const arrivalAt = Math.round(written.mtimeMs);
      // The file's date is by the wall clock, which may have been set meanwhile.
      const passedMs = Math.max(0, clock.now() - arrivalAt);
      const arrivalMonoMs = Math.min(now(), Math.max(current.arrivedMonoMs, now() - passedMs));
      const listed = { arrivalMonoMs, mediaEndMs: startMs + film.durationMs };
      current.endMs = Math.max(startMs, reset ? endByWall(machine.clock, listed) : listed.mediaEndMs);
      current.told = name;
      listen({
        kind: 'segment',
        run: current.id,
        file,
        mediaStartMs: startMs - current.baseMs,
        mediaEndMs: current.endMs - current.baseMs,
        arrivalAt,
        arrivalMonoMs,
        flags: reset ? ['recovered', 'reset'] : ['recovered'],
      });
    }
  }

  give({ type: 'start', at: now() });
  return {
    stop() {
      give({ type: 'stop', at: now() });
      return done;
    },
  };
}
