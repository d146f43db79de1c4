/*
 * Purpose: a hub that comes back from an old backup gets everything back that kiosks hold: sixty days of fifty kiosks, a
 * backup of any age, put back by the command or as a plain copy. Recovering is entered and left by itself, and what the
 * office exports is byte for byte what the hub exports that never died.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { verifyData } from '../../../hub-server/src/adapters/verify/verify-data.ts';
import { unwatched } from '../../../hub-server/src/application/ports/progress.ts';
import { openHub } from '../../../hub-server/src/commands/open-hub.ts';
import { openMirror } from '../../../hub-server/src/commands/open-mirror.ts';
import { HubSide, speak } from '../../support/kiosk-line.ts';
import { hubBin } from '../../support/paths.ts';
import { runProgram } from '../../support/program.ts';
import { witnessFile } from '../../support/witness-file.ts';
import { type Random, randomOf } from '../mutations/random.ts';
import { AGES_MIN, DIED, type SixtyDays, sixtyDays } from '../restore/sixty-days.ts';
import type { ProveRun, StepContext, StepResult } from '../run.ts';

interface Ground extends AsyncDisposable {
  readonly days: SixtyDays;
  /** What the control exports. */
  readonly wanted: Buffer;
}

function exported(dir: string): Buffer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [hubBin, 'export-ratings', '--data', dir], {
    maxBuffer: 256 * 1_048_576,
    // The number is that of a pipe of this process; the command ends by itself before we go on.
    env: { ...process.env, HAILONG_PARENT_PIPE: undefined },
  });
  if (status !== 0) throw new Error(`export-ratings: exit ${status}\n${stderr.toString('utf8')}`);
  return stdout;
}

async function ground(folder: string, quick: boolean): Promise<Ground> {
  const days = await sixtyDays(folder, quick ? 20 : 2);
  return {
    ...{ days, wanted: exported(days.control) },
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** By the command, or as somebody who copies the files back. */
async function putBack(days: SixtyDays, backup: string, dir: string, lawful: boolean): Promise<void> {
  rmSync(dir, { recursive: true, force: true });
  if (!lawful) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    cpSync(join(backup, 'hub.sqlite'), databaseFile(dir));
    cpSync(join(days.dead, 'keys'), join(dir, 'keys'), { recursive: true });
    return;
  }
  const key = `${dir}.key`;
  writeFileSync(key, days.recoveryKey);
  const argv = [
    'restore',
    backup,
    '--data',
    dir,
    '--recovery-key',
    key,
    '--by',
    'Lê An',
    '--by',
    'Trần Bình',
  ];
  const { code, stderr } = await runProgram(hubBin, [...argv, '--json']);
  if (code !== 0) throw new Error(`restore: exit ${code}\n${stderr}`);
}

function shuffled<T>(all: readonly T[], random: Random): T[] {
  const left = [...all];
  const out: T[] = [];
  while (left.length > 0) out.push(...left.splice(random.below(left.length), 1));
  return out;
}

/** All kiosks come back in any order; answers what went wrong, in a sentence, and how many events came again. */
async function comeBack(
  days: SixtyDays,
  dir: string,
  lawful: boolean,
  age: number,
  mirrored: boolean,
  random: Random,
): Promise<{ problem: string | null; refusals: number; gaps: number }> {
  const hub = await openHub(dir);
  const mirror = join(dir, '..', 'mirror-copy');
  rmSync(mirror, { recursive: true, force: true });
  cpSync(days.mirror, mirror, { recursive: true });
  const second = mirrored ? await openMirror({ dataDir: dir, json: false }, mirror, hub) : null;
  const failed = (problem: string | null, refusals = 0, gaps = 0) => ({ problem, refusals, gaps });
  try {
    const { storage, keys } = hub;
    await storage.ownChain.begin(hub.admin.own.writer());
    const { state } = await storage.recovery.show();
    if (lawful && state === null) return failed('not recovering after a restore');
    const side = new HubSide(storage, keys, () => DIED + 5 * 60_000, state !== null);
    side.ownMirrored = mirrored;
    // As at every start: a kiosk's first welcome has a checkpoint.
    await side.sealer.seal();
    // A medium that gave facts back has shown by itself that the data was set back.
    if (state !== null) side.entered++;
    let refusals = 0;
    const order = shuffled(days.kiosks, random);
    const known = new Set((await storage.devices.list()).map(({ id }) => id as string));
    for (const [n, { kiosk, acknowledged, checkpoint }] of order.entries()) {
      kiosk.device.checkpoint = checkpoint;
      const settings = new Map<string, unknown>([
        ['checkpoint', checkpoint],
        ['lineage', days.lineage],
      ]);
      const alarms = await speak(side, kiosk, { settings, acknowledged: new Map(acknowledged) });
      refusals += alarms.length;
      if (lawful && alarms.length > 0) return failed(`a kiosk does not follow: ${alarms[0]}`);
      // Kiosks that the backup has never heard of are awaited from the moment they come.
      known.delete(kiosk.device.device);
      const waiting = known.size > 0;
      if (waiting && lawful && !side.recovering) return failed(`left after ${n + 1} kiosks`);
      if (waiting && side.recovering && !(await storage.recovery.blocked()))
        return failed('figures may leave while recovering');
    }
    if (!lawful && age > 0 && side.entered === 0) return failed('recovering was not entered');
    if (!lawful && side.entered > 0 && refusals === 0) return failed('no kiosk refused the unsigned log');
    if (side.recovering || (await storage.recovery.blocked())) return failed('recovering was not left');
    await storage.inbox.project();
    const { gaps } = await storage.recovery.show();
    return failed(null, refusals, gaps.length);
  } finally {
    await second?.close();
    await hub.close();
  }
}

const linesOf = (bytes: Buffer): string[] =>
  bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');

async function step(context: StepContext, index: number): Promise<StepResult> {
  const { days, wanted } = await context.once('ground', () =>
    ground(join(context.folder, 'ground'), context.quick),
  );
  // Each age by the command and as a copy, and the first few already of every sort.
  const age = AGES_MIN[(index * 7) % AGES_MIN.length]!;
  const lawful = (index + Math.floor(index / AGES_MIN.length)) % 2 === 0;
  // In two of three the second medium of the hub's own chain is at hand.
  const mirrored = index % 3 !== 1;
  const dir = join(context.folder, 'restored');
  const backup = days.backups.get(age)!;
  await putBack(days, backup.folder, dir, lawful);
  const what = `${lawful ? 'restore' : 'copy'} of a backup ${age} minutes old, ${mirrored ? 'with' : 'without'} mirror`;
  const { problem, refusals, gaps } = await comeBack(days, dir, lawful, age, mirrored, randomOf(index));
  if (problem !== null) return { problem: `${what}: ${problem}` };
  const got = exported(dir);
  const [has, should] = [new Set(linesOf(got)), linesOf(wanted)];
  const byPhone = new Set(mirrored ? [] : days.privateVotes.slice(backup.privateVotes));
  // Without that medium the newer votes by phone are gone, and the gap is listed; every kiosk's rating is there all the same.
  const differing = should.filter((line) => !has.has(line));
  const lost = differing.filter(
    (line) => !byPhone.has((JSON.parse(line) as { transaction: string }).transaction),
  );
  const result: StepResult = {
    ...{ thanked: days.thanked, stored: days.thanked - lost.length, lost: lost.length, found: 1 },
    tallies: {
      [lawful ? 'by the command' : 'plain copy']: 1,
      [mirrored ? 'with the second medium' : 'without it']: 1,
      ...{
        'kiosks that refused the log': refusals,
        'gaps listed': gaps,
        'votes by phone gone': byPhone.size,
      },
    },
    samples: { 'age in minutes': age, 'duties and transactions asked for at the hub': days.askedAtHub },
  };
  if (lost.length > 0) return { ...result, problem: `${what}: ${lost.length} lines differ, as ${lost[0]}` };
  if (byPhone.size === 0 && !got.equals(wanted)) return { ...result, problem: `${what}: the export differs` };
  if (byPhone.size > 0 && gaps === 0) return { ...result, problem: `${what}: no gap is listed` };
  if (lawful) {
    const witness = join(context.folder, 'witness.jsonl');
    writeFileSync(witness, witnessFile(days.kiosks[index % days.kiosks.length]!.kiosk));
    const { verdict } = verifyData({
      ...{
        dataDir: dir,
        files: false,
        backups: [backup.folder],
        witnesses: [witness],
        progress: unwatched,
      },
    });
    if (verdict.first)
      return { ...result, problem: `${what}: verify found ${JSON.stringify(verdict.first)}` };
  }
  return result;
}

export const run: ProveRun = {
  title: { vi: 'Khôi phục từ bản sao lưu cũ', en: 'An old backup restored' },
  unit: { vi: 'lần khôi phục', en: 'restores' },
  full: AGES_MIN.length * 4,
  quick: 2,
  watches: ['tests/prove/restore', 'tests/support/kept-hub.ts', 'tests/support/kiosk-line.ts'],
  step,
  judge: ({ count, found, thanked, stored }) =>
    found !== count
      ? `${found} of ${count} came back whole`
      : thanked !== stored
        ? 'ratings are missing'
        : null,
  says: {
    vi: 'found: lần khôi phục có kết quả xuất giống hệt máy chủ chưa từng hỏng',
    en: 'found: restores whose export is byte for byte that of the hub that never died',
  },
};
