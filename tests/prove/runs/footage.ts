/*
 * Purpose: footage's ledger under faults. Stand-in cameras know which picture they sent when; afterwards segments and gaps
 * with their reasons equal what is in the files within a second, and nothing held is gone. Cameras are cut, frozen,
 * switched off, moved, their RTP clocks set; ffmpeg is killed and stopped; recorder and hub are stopped and killed; the
 * disk gets full; the recorder's wall clock is stepped, and wrong when it starts.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { encodeFilm } from '@hailong/device-drivers/simulators/film-feed.ts';
import { poll } from '../../support/poll.ts';
import { FullDisk } from '../failing-disks.ts';
import { FakeClock, fakeClockImpossible } from '../fake-clock.ts';
import { FootageOffice, processesWith, type Recorded } from '../footage/office.ts';
import { servedHub, steppedHub } from '../footage/served-hub.ts';
import { FILM } from '../footage/stand-in.ts';
import { WORST_MS } from '../footage/truth.ts';
import { needsPrograms, needsRoot } from '../machine.ts';
import type { ProveRun, StepContext, StepResult } from '../run.ts';

/** From accepting connections to the first picture in a file. */
const BACK_MS = 3_000;
/** From the last picture to the gap in the ledger. */
const NOTICED_MS = 12_000;
const OFF_MS = 5_000;
const FROZEN_MS = 14_000;
const PAUSED_MS = 2_500;
const STEPPED_MS = 12_000;
const LEAP_MS = 3 * 3_600_000;

interface Fault {
  /** What its gaps say, and nothing else. */
  readonly reasons: readonly string[];
  /** Answers times that are judged beside the ledger. */
  act(
    office: FootageOffice,
    recorded: Recorded,
  ): Promise<{ readonly noticedMs?: number; readonly backAt?: number }>;
}

const ffmpegOf = async (recorded: Recorded): Promise<number> => {
  const find = () => processesWith('ffconcat', '-segment_list', recorded.id)[0];
  return poll(find, { what: `ffmpeg of ${recorded.name}` });
};

const FAULTS: Readonly<Record<string, Fault>> = {
  cut: {
    reasons: ['camera-down'],
    async act(_office, { camera }) {
      camera.rtsp.killConnections();
      return {};
    },
  },
  frozen: {
    reasons: ['camera-silent'],
    async act(office, { camera, id }) {
      const at = Date.now();
      camera.rtsp.faults.freeze = true;
      const told = () => office.hub.gaps().some((gap) => gap.camera === id && gap.reason === 'camera-silent');
      await poll(told, { what: 'the freeze in the ledger', timeoutMs: 30_000 });
      const noticedMs = Date.now() - at;
      await pause(Math.max(0, FROZEN_MS - noticedMs));
      camera.rtsp.faults.freeze = false;
      return { noticedMs };
    },
  },
  paused: {
    // Too short to end its run.
    reasons: ['camera-silent'],
    async act(_office, { camera }) {
      camera.rtsp.faults.freeze = true;
      await pause(PAUSED_MS);
      camera.rtsp.faults.freeze = false;
      return {};
    },
  },
  restarted: {
    reasons: ['camera-down'],
    async act(_office, { camera }) {
      const port = await camera.switchOff();
      await pause(OFF_MS);
      return { backAt: await camera.switchOn(port) };
    },
  },
  absent: {
    // Off since before the recorder knew of it.
    reasons: ['camera-down'],
    async act(_office, { camera }) {
      return { backAt: await camera.switchOn(camera.port) };
    },
  },
  'clock reset': {
    reasons: ['clock-reset'],
    async act(_office, { camera }) {
      camera.rtsp.resetClock();
      return {};
    },
  },
  'clock ahead': {
    reasons: ['clock-reset'],
    async act(_office, { camera }) {
      camera.rtsp.jumpClock(LEAP_MS);
      return {};
    },
  },
  moved: {
    reasons: ['camera-down'],
    async act(_office, { camera }) {
      await camera.switchOff();
      await camera.switchOn(0);
      return {};
    },
  },
  'ffmpeg killed': {
    reasons: ['recorder-down'],
    async act(_office, recorded) {
      process.kill(await ffmpegOf(recorded), 'SIGKILL');
      return {};
    },
  },
  'ffmpeg stopped': {
    reasons: ['camera-silent'],
    async act(_office, recorded) {
      process.kill(await ffmpegOf(recorded), 'SIGSTOP');
      return {};
    },
  },
};

/** Sums of a step, and the first thing that is wrong. */
class Sum {
  readonly samples: Record<string, number> = {};
  readonly problems: string[] = [];
  tallies: Record<string, number> = { holds: 0 };
  readonly #quick: boolean;
  lost = 0;
  found = 0;

  constructor({ quick }: StepContext) {
    this.#quick = quick;
  }

  /** Judged where the machine is this run's own; the small sample runs beside everything else, and says it only. */
  time(name: string, ms: number, most: number): void {
    this.samples[name] = Math.max(this.samples[name] ?? 0, Math.round(ms));
    if (!this.#quick && !(ms <= most)) this.problems.push(`${name}: ${Math.round(ms)} ms, not ${most}`);
  }

  judge(office: FootageOffice, recorded: Recorded, fault: string, reasons: readonly string[]): void {
    const { worstMs, heldSecondsLost, holds, problem } = office.judge(recorded, reasons);
    this.samples[fault] = Math.max(this.samples[fault] ?? 0, worstMs);
    this.lost += heldSecondsLost;
    this.found += 1;
    this.tallies['holds'] = (this.tallies['holds'] ?? 0) + holds;
    if (problem !== null) this.problems.push(problem);
  }

  result(): StepResult {
    const { samples, tallies, lost, found, problems } = this;
    return {
      samples,
      tallies,
      lost,
      found,
      ...(problems.length > 0 ? { problem: problems.join('; ') } : {}),
    };
  }
}

const theFilm = async (context: StepContext) => {
  const made = await context.once('film', async () => {
    const film = await encodeFilm(FILM);
    return { film, [Symbol.asyncDispose]: async () => undefined };
  });
  return made.film;
};

/** Each camera of one recorder has a fault of its own, all at once; at the end the recorder is stopped or killed. */
async function camerasFail(context: StepContext, index: number): Promise<StepResult> {
  const names = context.quick ? ['cut', 'clock reset', 'ffmpeg killed'] : Object.keys(FAULTS);
  const sum = new Sum(context);
  await using office = await FootageOffice.open(
    join(context.folder, `cameras-${index}`),
    await theFilm(context),
    names,
  );
  const files = context.quick ? 1 : 3;
  const there = office.cameras.filter(({ name }) => name !== 'absent');
  await office.filmed(files, there);
  office.hold(there);
  const backs: (() => void)[] = [];
  await Promise.all(
    office.cameras.map(async (recorded) => {
      const { noticedMs, backAt } = await (FAULTS[recorded.name] as Fault).act(office, recorded);
      if (noticedMs !== undefined) sum.time('noticed', noticedMs, NOTICED_MS);
      if (backAt !== undefined)
        backs.push(() => sum.time('back', office.firstStoredAfter(recorded, backAt), BACK_MS));
      await office.filmed(files, [recorded]);
    }),
  );
  await office.stopRecorder();
  for (const back of backs) back();
  for (const recorded of office.cameras)
    sum.judge(office, recorded, recorded.name, (FAULTS[recorded.name] as Fault).reasons);
  return sum.result();
}

/** Recorder and hub away, and back. */
const recorderAway = (how: 'stopped' | 'killed') =>
  async function away(context: StepContext, index: number): Promise<StepResult> {
    const sum = new Sum(context);
    const place = join(context.folder, `recorder-${index}`);
    await using office = await FootageOffice.open(place, await theFilm(context), ['one', 'two']);
    await office.filmed(2);
    office.hold();
    await pause(1_700 * (index % 3));
    await (how === 'stopped' ? office.stopRecorder() : office.killRecorder());
    await pause(2_000);
    await office.startRecorder();
    await office.filmed(3);
    await office.stopRecorder();
    for (const recorded of office.cameras) sum.judge(office, recorded, `recorder ${how}`, ['recorder-down']);
    return sum.result();
  };

/** The recorder is killed while a camera is away, and both come back: each is the reason for its own time. */
async function killedWhileAway(context: StepContext, index: number): Promise<StepResult> {
  const sum = new Sum(context);
  const place = join(context.folder, `away-${index}`);
  await using office = await FootageOffice.open(place, await theFilm(context), ['one']);
  const [recorded] = office.cameras as readonly [Recorded];
  await office.filmed(2);
  office.hold();
  const port = await recorded.camera.switchOff();
  const gaps = (reason: string) => office.hub.gaps().filter((gap) => gap.reason === reason);
  await poll(() => gaps('camera-down').length > 0, { what: 'the camera in the ledger', timeoutMs: 30_000 });
  await pause(OFF_MS);
  const killedAt = Date.now();
  await office.killRecorder();
  await pause(OFF_MS);
  await office.startRecorder();
  await poll(() => gaps('recorder-down').length > 0, {
    what: 'the recorder in the ledger',
    timeoutMs: 30_000,
  });
  await recorded.camera.switchOn(port);
  await office.filmed(2);
  await office.stopRecorder();
  const [down] = gaps('recorder-down');
  sum.time('killed while a camera is away', Math.abs((down?.from ?? 0) - killedAt), WORST_MS);
  sum.judge(office, recorded, 'killed while a camera is away', ['camera-down', 'recorder-down']);
  return sum.result();
}

const hubAway = (how: 'stopped' | 'killed') =>
  async function away(context: StepContext, index: number): Promise<StepResult> {
    const sum = new Sum(context);
    const found = await servedHub(join(context.folder, `hub-${index}`), await theFilm(context), how);
    sum.samples[`hub ${how}`] = found.worstMs;
    sum.found += 1;
    if (found.problem !== null) sum.problems.push(found.problem);
    return sum.result();
  };

/** One clock for hub and recorder: what the hub dated and held by the wrong one is found and kept under the right one. */
async function alike(context: StepContext, index: number): Promise<StepResult> {
  const sum = new Sum(context);
  const place = join(context.folder, `alike-${index}`);
  mkdirSync(place, { recursive: true });
  const found = await steppedHub(
    place,
    await theFilm(context),
    Math.floor(index / STEPS.length) % 2 === 0 ? -90_000 : 90_000,
  );
  sum.samples['hub and recorder stepped alike'] = found.worstMs;
  sum.found += 1;
  sum.lost += found.heldSecondsLost;
  sum.tallies = { holds: 1 };
  if (found.problem !== null) sum.problems.push(found.problem);
  return sum.result();
}

async function diskFull(context: StepContext, index: number): Promise<StepResult> {
  const sum = new Sum(context);
  await using disk = FullDisk.make(join(context.folder, `disk-${index}`), 120);
  await using office = await FootageOffice.open(disk.path, await theFilm(context), ['one', 'two'], {
    HAILONG_FOOTAGE_FLOOR_MB: '8',
  });
  await office.filmed(2);
  office.hold();
  // What follows is not held, from a hold's margin of ten seconds on, and goes when the disk needs it.
  await office.filmed(5);
  disk.fill();
  const told = () =>
    office.cameras.every(({ id }) =>
      office.hub.gaps().some((gap) => gap.camera === id && gap.reason === 'disk-full'),
    );
  await poll(told, { what: 'the full disk in the ledger', timeoutMs: 60_000 });
  await pause(OFF_MS);
  disk.empty();
  await office.filmed(2);
  await office.stopRecorder();
  const deleted = office.hub.all('segment.deleted').length;
  sum.tallies = { ...sum.tallies, 'deleted, not held': deleted };
  if (deleted === 0) sum.problems.push('nothing was deleted for want of space');
  for (const recorded of office.cameras)
    sum.judge(office, recorded, 'disk full', ['disk-full', 'deleted: budget', 'recorder-down']);
  return sum.result();
}

/** The clock is set wrong, the camera comes back meanwhile, and the clock is set right. */
const clockStepped = (name: string, stepMs: number) =>
  async function stepped(context: StepContext, index: number): Promise<StepResult> {
    const sum = new Sum(context);
    const place = join(context.folder, `clock-${index}`);
    const clock = new FakeClock(`${place}-time`);
    const film = await theFilm(context);
    await using office = await FootageOffice.open(place, film, ['one', 'two'], clock.wrapper.env);
    await office.filmed(2);
    office.hold();
    clock.set(stepMs);
    await pause(STEPPED_MS / 2);
    office.cameras[0]?.camera.rtsp.killConnections();
    await pause(STEPPED_MS / 2);
    clock.set(0);
    await office.filmed(3);
    await office.stopRecorder();
    if (!office.said().includes('wall clock stepped')) sum.problems.push(`${name}: the recorder saw no step`);
    for (const [number, recorded] of office.cameras.entries())
      sum.judge(office, recorded, name, number === 0 ? ['camera-down'] : []);
    return sum.result();
  };

/** The recorder dies, the clock is set wrong, it starts again under that clock, and the clock is set right. */
const startedWrong = (name: string, stepMs: number, sameBoot: boolean) =>
  async function started(context: StepContext, index: number): Promise<StepResult> {
    const sum = new Sum(context);
    const place = join(context.folder, `start-${index}`);
    const clock = new FakeClock(`${place}-time`);
    const film = await theFilm(context);
    await using office = await FootageOffice.open(place, film, ['one', 'two'], clock.wrapper.env);
    await office.filmed(2);
    office.hold();
    await office.killRecorder();
    if (!sameBoot) office.rebooted();
    clock.set(stepMs);
    await office.startRecorder();
    await office.filmed(2);
    // Not a second that another boot filmed under a clock nobody trusts has a place before the clock is right.
    const unsure = office.hub.all('run.mapped').filter(({ mapping }) => mapping.method === 'unplaced').length;
    if (!sameBoot && unsure < office.cameras.length) sum.problems.push(`${name}: placed by a wrong clock`);
    if (sameBoot && unsure > 0) sum.problems.push(`${name}: what was believed before was forgotten`);
    office.cameras[0]?.camera.rtsp.killConnections();
    await office.filmed(1);
    clock.set(0);
    await office.filmed(2);
    await office.stopRecorder();
    for (const [number, recorded] of office.cameras.entries())
      sum.judge(office, recorded, name, ['recorder-down', ...(number === 0 ? ['camera-down'] : [])]);
    return sum.result();
  };

const STEPS = [
  camerasFail,
  startedWrong('started with the clock ahead', 3 * 3_600_000, true),
  startedWrong('booted with the clock behind', -3_600_000, false),
  startedWrong('started with the clock behind', -90_000, true),
  recorderAway('killed'),
  recorderAway('stopped'),
  killedWhileAway,
  hubAway('killed'),
  hubAway('stopped'),
  diskFull,
  alike,
  clockStepped('clock stepped ahead', 90_000),
  clockStepped('clock stepped back', -90_000),
] as const;

export const run: ProveRun = {
  title: {
    vi: 'Sổ phủ hình khi camera, ffmpeg, bộ ghi, máy chủ, đĩa và đồng hồ gặp lỗi',
    en: 'The footage ledger while cameras, ffmpeg, recorder, hub, disk and clock fail',
  },
  unit: { vi: 'lần', en: 'rounds of faults' },
  full: 2 * STEPS.length,
  quick: 1,
  workers: 2,
  watches: ['tests/prove/footage', 'tests/prove/failing-disks.ts', 'tests/prove/fake-clock.ts'],
  worst: true,
  impossible: () =>
    findFfmpeg() === null
      ? { vi: 'thiếu ffmpeg', en: 'ffmpeg is missing' }
      : (needsRoot() ?? needsPrograms('mount', 'umount') ?? fakeClockImpossible()),
  step: (context, index) => (STEPS[index % STEPS.length] ?? camerasFail)(context, index),
  judge: ({ found, samples }) => {
    if (found === 0) return 'no ledger was compared';
    const slow = Object.entries(samples).find(
      ([name, values]) =>
        !['noticed', 'back'].includes(name) && Math.max(...Object.keys(values).map(Number)) > WORST_MS,
    );
    return slow === undefined ? null : `${slow[0]}: more than ${WORST_MS} ms`;
  },
  says: {
    vi: 'worst: sai lệch lâu nhất giữa sổ và sự thật, mili giây, theo lỗi; back, noticed: lúc trở lại, lúc nhận ra.',
    en: 'worst: the longest disagreement of ledger and truth by fault, ms; back, noticed: to the first picture, to the gap.',
  },
};
