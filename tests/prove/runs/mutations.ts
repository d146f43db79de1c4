/*
 * Purpose: nobody changes a witnessed rating unseen. Thousands of changes to a real data folder: by plain SQL, found by
 * `verify`; with everything recomputed by the hub's own key, found at a kiosk's hello and by `verify --witness`; flipped
 * bits in backups, found by their check and refused by a restore. The code of the commands runs in this process; now and
 * then the same folder goes through the command line and over the real wire.
 */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { checkBackup } from '../../../hub-server/src/adapters/backup/check-backup.ts';
import { openBackup } from '../../../hub-server/src/adapters/backup/open-backup.ts';
import { writeBackup } from '../../../hub-server/src/adapters/backup/write-backup.ts';
import { readRecoveryKey } from '../../../hub-server/src/adapters/recovery-key.ts';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { verifyData } from '../../../hub-server/src/adapters/verify/verify-data.ts';
import { unwatched } from '../../../hub-server/src/application/ports/progress.ts';
import { Verdict } from '../../../hub-server/src/domain/verify/finding.ts';
import { hubBin } from '../../support/paths.ts';
import { runProgram } from '../../support/program.ts';
import { witnessFile } from '../../support/witness-file.ts';
import { forge } from '../mutations/forger.ts';
import { helloTo } from '../mutations/hello.ts';
import { copyOffice, type MutationOffice, mutationOffice } from '../mutations/office.ts';
import { type Random, randomOf } from '../mutations/random.ts';
import { KINDS, type Kind, mutateRaw } from '../mutations/raw.ts';
import type { ProveRun, StepContext, StepResult } from '../run.ts';

/** Six kinds raw, six forged, and flips. */
const WAYS = 2 * KINDS.length + 1;
/** One in so many goes through the command line too; no multiple of the ways, so that all of them do. */
const BY_COMMAND = 61;
/** Of the small sample: raw ones and a forged one. */
const QUICK_BY_COMMAND = 9;

interface Ground extends AsyncDisposable {
  readonly office: MutationOffice;
  readonly copy: string;
  readonly witnesses: readonly string[];
  readonly backup: string;
  readonly flipped: string;
  readonly original: ReadonlyMap<string, Buffer>;
}

async function ground(folder: string): Promise<Ground> {
  const office = await mutationOffice(join(folder, 'office'));
  const witnesses = office.kiosks.map((kiosk, n) => {
    const file = join(folder, `witness-${n}.jsonl`);
    writeFileSync(file, witnessFile(kiosk));
    return file;
  });
  const written = await writeBackup({
    ...{
      dataDir: office.dir,
      into: join(folder, 'medium'),
      at: Date.UTC(2026, 11, 1) as never,
      build: 'prove',
    },
    ...{ keys: office.keys, withKeys: true, progress: unwatched },
  });
  const flipped = join(folder, 'flipped');
  cpSync(written.folder, flipped, { recursive: true });
  const names = readdirSync(flipped);
  return {
    ...{ office, copy: join(folder, 'copy'), witnesses, backup: written.folder, flipped },
    original: new Map(names.map((name) => [name, readFileSync(join(flipped, name))])),
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const look = (dir: string, witnesses: readonly string[]): Verdict =>
  verifyData({ dataDir: dir, files: true, backups: [], witnesses, progress: unwatched }).verdict;

async function verifyExit(dir: string, witness?: string): Promise<number | NodeJS.Signals> {
  const argv = ['verify', '--data', dir, '--json', ...(witness === undefined ? [] : ['--witness', witness])];
  return (await runProgram(hubBin, argv)).code;
}

async function raw(at: Ground, kind: Kind, random: Random, byCommand: boolean): Promise<StepResult> {
  const dir = copyOffice(at.office, at.copy);
  const db = new Database(databaseFile(dir));
  const what = mutateRaw(db, kind, random);
  db.close();
  const { first } = look(dir, []);
  if (first === null) return { problem: `raw ${kind} of ${what}: not found by verify` };
  if (byCommand && (await verifyExit(dir)) !== 1)
    return { problem: `raw ${kind} of ${what}: verify did not exit 1` };
  return { found: 1, tallies: { [`raw ${kind}`]: 1, ...(byCommand ? { 'by command': 1 } : {}) } };
}

async function forged(at: Ground, kind: Kind, random: Random, byCommand: boolean): Promise<StepResult> {
  const dir = copyOffice(at.office, at.copy);
  const db = new Database(databaseFile(dir));
  const { device, what } = forge(db, at.office.keys, kind, random);
  db.close();
  const alone = look(dir, []);
  const mine = at.office.kiosks.findIndex((kiosk) => kiosk.device.device === device);
  const [witness, kiosk] = [at.witnesses[mine]!, at.office.kiosks[mine]!];
  // What no signature covers any more is said, also without a witness; it never passes for good.
  const codes = alone.unproven.map(({ code }) => code);
  if (
    alone.found === 0 &&
    !(
      codes.includes('witness.none') &&
      (codes.includes('event.unsigned') || codes.includes('log.unwitnessed'))
    )
  )
    return { problem: `forged ${what}: neither found nor said to be unprovable` };
  const { first } = look(dir, [witness]);
  if (first === null) return { problem: `forged ${what}: not found by verify --witness` };
  if (byCommand && (await verifyExit(dir, witness)) !== 1)
    return { problem: `forged ${what}: verify --witness did not exit 1` };
  // The hello last: it writes.
  const line = new Database(databaseFile(dir));
  const alarms = await helloTo(line, at.office.keys, kiosk);
  line.close();
  if (alarms.length === 0) return { problem: `forged ${what}: no alarm at the kiosk’s hello` };
  return {
    found: 1,
    tallies: {
      [`forged ${kind}`]: 1,
      [alone.found === 0 ? 'not provable without a witness' : 'seen without a witness']: 1,
      ...(byCommand ? { 'by command': 1 } : {}),
      ...Object.fromEntries(alarms.map((alarm) => [`kiosk: ${alarm}`, 1])),
    },
  };
}

async function flip(at: Ground, random: Random, byCommand: boolean): Promise<StepResult> {
  const name = random.pick([...at.original].filter(([, bytes]) => bytes.length > 0))[0];
  const bytes = Buffer.from(at.original.get(name)!);
  const byte = random.below(bytes.length);
  bytes[byte] = bytes[byte]! ^ (1 << random.below(8));
  const file = join(at.flipped, name);
  writeFileSync(file, bytes);
  const what = `flip in ${name} at ${byte}`;
  try {
    const verdict = new Verdict();
    checkBackup(at.flipped, at.office.keys.publicKey, verdict, unwatched);
    const { first } = verdict;
    if (first === null) return { problem: `${what}: not found` };
    const block = Math.floor(byte / 1_048_576);
    if (first.code === 'backup.block' && (first.place.file !== file || first.place.block !== block))
      return { problem: `${what}: named as ${JSON.stringify(first.place)}` };
    const refusal = refusalOf(at);
    if (refusal !== 'backup.damaged') return { problem: `${what}: a restore said ${refusal}` };
    if (byCommand) {
      const target = join(at.copy, '..', 'restored');
      writeFileSync(join(at.copy, '..', 'recovery'), at.office.recoveryKey);
      const argv = [
        'restore',
        at.flipped,
        '--data',
        target,
        '--recovery-key',
        join(at.copy, '..', 'recovery'),
      ];
      const { code } = await runProgram(hubBin, [...argv, '--by', 'A', '--by', 'B', '--json']);
      if (code !== 1 || existsSync(target))
        return { problem: `${what}: the restore command ended with ${code}` };
    }
    return { found: 1, tallies: { 'backup flip': 1, ...(byCommand ? { 'by command': 1 } : {}) } };
  } finally {
    writeFileSync(file, at.original.get(name)!);
  }
}

function refusalOf(at: Ground): string {
  try {
    openBackup(at.flipped, readRecoveryKey(at.office.recoveryKey), unwatched);
    return 'nothing';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

async function step(context: StepContext, index: number): Promise<StepResult> {
  const at = await context.once('ground', () => ground(join(context.folder, 'ground')));
  const way = index % WAYS;
  const random = randomOf(index);
  const byCommand = index % (context.quick ? QUICK_BY_COMMAND : BY_COMMAND) === 0;
  if (way < KINDS.length) return raw(at, KINDS[way]!, random, byCommand);
  if (way < 2 * KINDS.length) return forged(at, KINDS[way - KINDS.length]!, random, byCommand);
  return flip(at, random, byCommand);
}

export const run: ProveRun = {
  title: {
    vi: 'Sửa dữ liệu: mọi thay đổi đều bị phát hiện',
    en: 'Changes to the data: each is found',
  },
  unit: { vi: 'thay đổi', en: 'changes' },
  full: WAYS * 1_000,
  quick: WAYS * 2,
  workers: 2,
  quickWorkers: 1,
  chunk: WAYS * 5,
  watches: ['tests/prove/mutations', 'tests/support/kept-hub.ts', 'tests/support/witness-file.ts'],
  step,
  judge: ({ count, found }) => (found === count ? null : `${found} of ${count} changes were found`),
  says: {
    vi: 'found: thay đổi bị phát hiện bởi mọi cách phải phát hiện nó',
    en: 'found: changes noticed by every check that must notice them',
  },
};
