/*
 * Purpose: what the recorder takes beyond ffmpeg itself: twenty cameras recorded by the recorder as the hub starts it, beside
 * twenty bare ffmpegs with the same segments. CPU and private memory of all their processes, and every picture counted.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { readFmp4 } from '@hailong/device-drivers/media/fmp4.ts';
import type { CameraId } from '@hailong/shared/ids.ts';
import { v7 as uuidv7 } from 'uuid';
import { recorderRuntime } from '../../../hub-server/src/adapters/recorder-link/recorder-process.ts';
import { inRepo } from '../../support/paths.ts';
import { poll } from '../../support/poll.ts';
import { startProgram } from '../../support/program.ts';
import { openRecorderHub } from '../../support/recorder-hub.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { type Figure, figure, type Work } from '../figures.ts';
import { type Child, cpuSeconds, startChild } from '../processes.ts';
import type { MountsCount, MountsOrder } from './overhead/mounts.ts';

const FILM = { width: 1_920, height: 1_080, fps: 25, gopMs: 1_000, kbps: 4_000, seconds: 4 };
const FULL = {
  mounts: 20,
  warmSeconds: 8,
  seconds: 120,
  film: FILM,
};
/** Without a warm-up the CPU of the start counts too: there is always something to divide. */
const QUICK = {
  mounts: 2,
  warmSeconds: 0,
  seconds: 2,
  film: { ...FILM, width: 320, height: 180, kbps: 500 },
};
const RATIO_MAX = 1.3;
const START_MS = 60_000;
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

interface Usage {
  readonly cpuSeconds: number;
  /** Memory that no other process shares, and memory with its share of what is shared, MB. */
  readonly ussMb: number;
  readonly pssMb: number;
}
interface Side extends Usage {
  /** Of the process that supervises alone. */
  readonly supervisor: Usage;
  readonly sent: number;
  readonly stored: number;
}

/** A recording that can be looked at from outside: the processes it consists of and its files. */
interface Recorded {
  pids(): readonly number[];
  /** The one among them that supervises the others. */
  readonly supervisor: number | null;
  readonly folder: string;
  /** Everything that came is in files. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    });
}

function memory(pids: readonly number[]): Pick<Usage, 'ussMb' | 'pssMb'> {
  let [uss, pss] = [0, 0];
  for (const pid of pids)
    for (const line of readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1').split('\n')) {
      const [name = '', kb] = line.split(/:?\s+/);
      if (/^Private_(Clean|Dirty)$/.test(name)) uss += Number(kb) / 1_024;
      if (name === 'Pss') pss += Number(kb) / 1_024;
    }
  return { ussMb: uss, pssMb: pss };
}

const cpuOf = (pids: readonly number[]) => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);

function storedIn(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.mp4'))
    .reduce((sum, name) => sum + (readFmp4(readFileSync(join(folder, name)))?.frames ?? 0), 0);
}

async function recorder(folder: string, urls: readonly string[]): Promise<Recorded> {
  const token = uuidv7();
  const hub = await openRecorderHub(token);
  const { flags, env } = recorderRuntime(folder);
  const start = async () => {
    const main = inRepo('hub-server/src/recorder/main.ts');
    const [first = main, ...rest] = [...flags, main];
    const program = startProgram(first, [...rest, '--data', folder, '--hub', hub.url], {
      env: { ...env, HAILONG_RECORDER_TOKEN: token, HAILONG_FOOTAGE_FLOOR_MB: '1' },
    });
    await poll(() => hub.root() !== '', { what: 'the recorder', timeoutMs: START_MS });
    return program;
  };
  // Not its first start on this machine: its code is kept compiled.
  await (await start()).stop();
  hub.forget();
  const program = await start();
  const cameras = urls.map((address, number) => ({
    ...{ id: uuidv7() as CameraId, name: `Camera ${number}`, address, user: '', password: '' },
    ...{ retentionDays: 30, latencyMs: 0, active: true },
  }));
  hub.set(cameras);
  const down = () => new Set(hub.states.filter(({ state }) => state === 'down').map(({ camera }) => camera));
  return {
    folder,
    supervisor: program.pid,
    pids: () => [program.pid, ...childrenOf(program.pid)],
    async settled() {
      await poll(() => down().size === urls.length, { what: 'every run to end', timeoutMs: START_MS });
    },
    async stop() {
      await program.stop();
      await hub[Symbol.asyncDispose]();
    },
  };
}

/** The command that the recorder's own is compared with; see hub-server/DESIGN.md, "Recording". */
function bareFfmpegs(folder: string, urls: readonly string[]): Recorded {
  const place = findFfmpeg();
  if (place === null) throw new Error('ffmpeg.missing');
  const children = urls.map((url, number) => {
    const own = join(folder, String(number));
    mkdirSync(own, { recursive: true });
    const args = [
      ...['-hide_banner', '-nostats', '-loglevel', 'warning', '-nostdin'],
      ...['-rtsp_transport', 'tcp', '-timeout', '5000000', '-i', url, '-map', '0:v:0', '-c', 'copy'],
      ...['-f', 'segment', '-segment_time', '4', '-reset_timestamps', '1'],
      ...['-segment_list', 'pipe:1', '-segment_list_type', 'csv', '-segment_format', 'mp4'],
      ...['-segment_format_options', 'movflags=+frag_keyframe+empty_moov+default_base_moof'],
      join(own, '%06d.mp4'),
    ];
    const child = spawn(place.ffmpeg, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.resume();
    return { child, gone: new Promise((done) => child.once('close', done)) };
  });
  return {
    folder,
    supervisor: null,
    pids: () => children.flatMap(({ child }) => child.pid ?? []),
    async settled() {
      await Promise.all(children.map(({ gone }) => gone));
    },
    async stop() {
      for (const { child } of children) child.kill('SIGKILL');
      await Promise.all(children.map(({ gone }) => gone));
    },
  };
}

type Started = (urls: readonly string[]) => Promise<Recorded> | Recorded;

/**
 * Both sides in the same two minutes, each with cameras of its own: whatever else the machine does, and how fast it runs, is the
 * same for both.
 */
async function measureSides(amounts: typeof FULL, starts: readonly Started[]): Promise<Side[]> {
  const mounts = starts.map(() => startChild(new URL('./overhead/mounts.ts', import.meta.url)));
  const recorded: Recorded[] = [];
  const count = (child: Child) => child.ask<MountsCount>({ kind: 'count' } satisfies MountsOrder);
  try {
    for (const [side, start] of starts.entries()) {
      const child = mounts[side] as Child;
      await child.ask({ kind: 'film', film: amounts.film } satisfies MountsOrder);
      const order: MountsOrder = { kind: 'open', mounts: amounts.mounts };
      recorded.push(await start(await child.ask<readonly string[]>(order)));
      await poll(async () => (await count(child)).playing === amounts.mounts, {
        ...{ what: 'every camera to play', timeoutMs: START_MS, everyMs: 200 },
      });
    }
    // A first file each: from here on nothing but recording is measured.
    await pause(amounts.warmSeconds * 1_000);
    const before = recorded.map((each) => (amounts.warmSeconds > 0 ? cpuNow(each) : { all: 0, alone: 0 }));
    await pause(amounts.seconds * 1_000);
    const after = recorded.map((each) => ({ cpu: cpuNow(each), ...memory(each.pids()) }));
    const alone = recorded.map((each) => memory(aloneOf(each)));
    await Promise.all(mounts.map((child) => child.ask({ kind: 'close' } satisfies MountsOrder)));
    await Promise.all(recorded.map((each) => each.settled()));
    return await Promise.all(
      recorded.map(async (each, side) => {
        const [was, is] = [before[side] as Cpu, after[side] as Omit<Usage, 'cpuSeconds'> & { cpu: Cpu }];
        const used = { ussMb: is.ussMb, pssMb: is.pssMb, cpuSeconds: is.cpu.all - was.all };
        const supervisor = {
          ...(alone[side] as Omit<Usage, 'cpuSeconds'>),
          cpuSeconds: is.cpu.alone - was.alone,
        };
        const { pictures } = await count(mounts[side] as Child);
        return { ...used, supervisor, sent: pictures, stored: storedIn(each.folder) };
      }),
    );
  } finally {
    await Promise.all(recorded.map((each) => each.stop()));
    await Promise.all(mounts.map((child) => child.stop()));
  }
}

interface Cpu {
  readonly all: number;
  readonly alone: number;
}
const aloneOf = ({ supervisor }: Recorded) => (supervisor === null ? [] : [supervisor]);
const cpuNow = (recorded: Recorded): Cpu => ({
  all: cpuOf(recorded.pids()),
  alone: cpuOf(aloneOf(recorded)),
});

export const work: Work = {
  async measure({ quick, say }) {
    const amounts = quick ? QUICK : FULL;
    await using folder = await tempFolder('overhead');
    const [bare, ours] = (await measureSides(amounts, [
      (urls) => bareFfmpegs(join(folder.path, 'bare'), urls),
      (urls) => recorder(join(folder.path, 'ours'), urls),
    ])) as [Side, Side];
    say(
      `ffmpeg alone stored ${bare.stored} of ${bare.sent} pictures, the recorder ${ours.stored} of ${ours.sent}`,
    );
    const { mounts: number } = amounts;
    const beside = `${number} ffmpegs`;
    const most = { of: 'ratio', is: '<=', limit: RATIO_MAX } as const;
    const compared = (work: string, unit: string, of: (side: Side) => number): Figure =>
      figure({ work, unit, beside }, { value: of(ours), besideValue: of(bare) }, most);
    const cpu = (side: Usage) => (side.cpuSeconds * 100) / amounts.seconds;
    const { supervisor } = ours;
    say(
      `of the recorder's share its supervisor: ${cpu(supervisor).toFixed(1)} % core, ${supervisor.ussMb.toFixed(0)} MB`,
    );
    const all = { value: ours.stored, besideValue: ours.sent };
    const equal = { of: 'ratio', is: '>=', limit: 1 } as const;
    return [
      compared('footage overhead cpu', '% core', cpu),
      compared('footage overhead uss', 'MB', ({ ussMb }) => ussMb),
      compared('footage overhead pss', 'MB', ({ pssMb }) => pssMb),
      figure({ work: 'footage pictures', unit: 'stored', beside: 'sent' }, all, equal),
    ];
  },
};
