/*
 * Purpose: one bit turned over in a file of the agent (database, WAL, high-water file) or of the hub (database, WAL), with
 * the programs stopped; then they run again on it, with citizens, and the hub is judged. Every flip is noticed (an alarm,
 * a finding of `verify`, a refusal to start) or harmless; nothing thanked is counted wrongly, and what a flip destroyed
 * before the hub had it is never lost in silence.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hubBin } from '../../support/paths.ts';
import { poll } from '../../support/poll.ts';
import { runProgram } from '../../support/program.ts';
import { Citizens } from '../citizens.ts';
import { FaultOffice } from '../fault-office.ts';
import { copyData, FlipOffice } from '../flip-office.ts';
import type { ProveRun, StepContext, StepResult } from '../run.ts';
import { hubHolding, judgeHub, type Verdict } from '../thanked-vs-stored.ts';

interface Target {
  readonly name: string;
  readonly of: 'agent' | 'hub';
  readonly file: string;
  readonly agent: string;
  readonly hub: string;
}
const TARGETS: readonly Target[] = [
  { name: 'agent.db', of: 'agent', file: 'agent.db', agent: 'agent-stopped', hub: 'hub-early' },
  { name: 'agent WAL', of: 'agent', file: 'agent.db-wal', agent: 'agent-killed', hub: 'hub-early' },
  { name: 'high-water', of: 'agent', file: 'high-water', agent: 'agent-stopped', hub: 'hub-early' },
  { name: 'hub.sqlite', of: 'hub', file: 'hub.sqlite', agent: 'agent-late', hub: 'hub-stopped' },
  { name: 'hub WAL', of: 'hub', file: 'hub.sqlite-wal', agent: 'agent-late', hub: 'hub-killed' },
];
/** Everything arrives within a second; what has not by then was destroyed. */
const ARRIVE_MS = 8_000;
/** What nobody has noticed is lost in silence only when it has not come to a machine with much else to do either. */
const SILENT_MS = 60_000;
const CITIZENS_MS = 1_500;
/** In the small sample only the hub's database, which has the longest list of what must not be found, stays as it is. */
const QUICK_UNTOUCHED = 3;

/** A place in the file by the step's number alone, so that a step can be done again. */
function flip(file: string, index: number): string {
  const seed = createHash('sha256').update(`flip ${index}`).digest();
  const at = Number(seed.readBigUInt64LE(0) % BigInt(statSync(file).size));
  const bit = (seed[8] ?? 0) % 8;
  const fd = openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  readSync(fd, byte, 0, 1, at);
  byte[0] = (byte[0] ?? 0) ^ (1 << bit);
  writeSync(fd, byte, 0, 1, at);
  closeSync(fd);
  return `bit ${bit} of byte ${at}`;
}

/** What `verify` finds, as its codes; empty when all is well. */
async function findings(data: string, witness: string): Promise<readonly string[]> {
  const args = ['verify', '--data', data, '--witness', witness, '--json'];
  const { code: exit, lines, stderr } = await runProgram(hubBin, args);
  if (exit === 0) return [];
  const said = lines.filter(({ event }) => event === 'found').map(({ code }) => String(code));
  return [`verify ${exit}: ${said.length > 0 ? said.join(' ') : stderr}`];
}

interface Seen {
  readonly verdict: Verdict;
  readonly noticed: readonly string[];
}

/** Runs both on the folders; what anyone said of a damage, and how the hub stands at the end. */
async function runOn(place: FlipOffice, hubData: string, kioskData: string): Promise<Seen> {
  const noticed: string[] = [];
  await using office = FaultOffice.again(place.setup, hubData, [kioskData]);
  for (const [transaction, served] of place.served) office.served.set(transaction, served);
  const [counter] = office.counters;
  if (!counter) throw new Error('no counter');
  const started = await office.startHub().then(
    () => true,
    () => false,
  );
  if (!started) return { verdict: nothing, noticed: ['the hub does not start'] };
  await using people = new Citizens(counter, { paceMs: 60 });
  const ready = await counter
    .start()
    .line('ready')
    .then(
      () => true,
      () => false,
    );
  if (!ready) noticed.push('the agent does not start');
  if (ready) await pause(CITIZENS_MS);
  people.paused = true;
  const look = () => judgeHub([...place.thanked, ...office.thanked()], hubHolding(hubData), office.served);
  const arrive = (timeoutMs: number) =>
    poll(() => look().lost === 0, { what: 'every thanks', timeoutMs, everyMs: 100 }).catch(() => undefined);
  await arrive(ARRIVE_MS);
  for (const line of counter.agent?.lines ?? [])
    if (line.event === 'alarm') noticed.push(String(line['code']));
  if (noticed.length === 0) await arrive(SILENT_MS);
  if (!counter.isAlive() && ready) noticed.push('the agent ended');
  if (!office.hubIsAlive()) noticed.push('the hub ended');
  return { verdict: look(), noticed };
}

const nothing: Verdict = { thanked: 0, stored: 0, lost: 0, doubled: 0, moved: 0, cases: [] };

async function step(context: StepContext, index: number): Promise<StepResult> {
  const place = await context.once('office', () => FlipOffice.make(context.folder));
  const target = TARGETS[index % TARGETS.length];
  if (!target) throw new Error('no target');
  const [hub, kiosk] = [join(context.folder, `hub-${index}`), join(context.folder, `kiosk-${index}`)];
  copyData(join(place.folder, target.hub), hub);
  copyData(join(place.folder, target.agent), kiosk);
  // The first step of each target turns nothing: what is then called a damage would be no word about one.
  const untouched = context.quick ? index === QUICK_UNTOUCHED : index < TARGETS.length;
  const file = join(target.of === 'agent' ? kiosk : hub, target.file);
  if (!existsSync(file)) throw new Error(`${target.file} is not there`);
  const where = untouched ? 'nothing turned' : flip(file, index);
  const noticed: string[] = [];
  if (target.of === 'hub') noticed.push(...(await findings(hub, join(place.folder, 'witness'))));
  const seen = await runOn(place, hub, kiosk).catch((error: Error) => {
    // A database that cannot be read any more says so itself.
    if (!/malformed|not a database|disk image|corrupt/i.test(error.message)) throw error;
    return { verdict: nothing, noticed: [error.message] };
  });
  noticed.push(...seen.noticed);
  const { verdict } = seen;
  rmSync(hub, { recursive: true, force: true });
  rmSync(kiosk, { recursive: true, force: true });
  const outcome = noticed.length > 0 ? (verdict.lost > 0 ? 'destroyed and noticed' : 'noticed') : 'harmless';
  const silent = noticed.length === 0 ? verdict.lost : 0;
  const problems: string[] = [];
  if (untouched && noticed.length > 0) problems.push(`nothing was turned, and ${noticed.join(', ')}`);
  if (silent + verdict.moved + verdict.doubled > 0)
    problems.push(
      `${target.name}, ${where}: ${verdict.cases.slice(0, 3).join('; ')} [${noticed.join(', ')}]`,
    );
  return {
    thanked: verdict.thanked,
    stored: verdict.stored,
    lost: silent,
    doubled: verdict.doubled,
    moved: verdict.moved,
    found: untouched || noticed.length === 0 ? 0 : 1,
    tallies: { [`${target.name} ${untouched ? 'untouched' : outcome}`]: 1 },
    ...(problems.length > 0 ? { problem: problems.join('; ') } : {}),
  };
}

export const run: ProveRun = {
  title: {
    vi: 'Một bit bị lật trong tệp của thiết bị hoặc máy chủ',
    en: 'One bit turned over in a file of the agent or the hub',
  },
  unit: { vi: 'bit', en: 'bits' },
  full: 300,
  quick: 5,
  workers: 2,
  quickWorkers: 1,
  watches: [
    'tests/prove/flip-office.ts',
    'tests/prove/fault-office.ts',
    'tests/prove/citizens.ts',
    'hub-server/bin',
  ],
  step,
  judge: ({ found }) => (found > 0 ? null : 'no flip was noticed'),
  says: {
    vi: 'found: số bit lật được báo (cảnh báo, verify, từ chối chạy); còn lại vô hại. destroyed: phiếu chưa gửi bị hỏng và đã báo.',
    en: 'found: flips that were noticed (alarm, verify, refusal to run); the others did no harm. destroyed: a vote not yet sent was hit, and that was said.',
  },
};
