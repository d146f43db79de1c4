/*
 * Purpose: SIGKILL to a real agent or a real hub at its N-th fsync or N-th write (strace injects it at the entry of the
 * call), with N swept over start, enrolment, taps and uploads, while citizens answer on screen and panel.
 * After each kill of an agent its own disk holds every thanks it gave; after each kill of a hub its disk holds everything
 * it acknowledged; after each fifteen kills both are healed and the hub holds every thanks once, where it belongs.
 */
import { join } from 'node:path';
import type { Program } from '../../support/program.ts';
import { Citizens } from '../citizens.ts';
import { type FaultCounter, FaultOffice, type Wrapper } from '../fault-office.ts';
import { needsPrograms } from '../machine.ts';
import type { ProveRun, StepContext, StepResult } from '../run.ts';
import { judgeAcknowledged, judgeAgent, type Verdict } from '../thanked-vs-stored.ts';

const CHUNK = 15;
/** Of a chunk so many kills are the agent's, one after another; the rest are the hub's. */
const AGENT_KILLS = 10;
/** Where a run of the program ends at the latest, once it is ready: the number was not reached in this life. */
const LIFE_MS = 8_000;

/** Calls and how far to count: past the start, into the first prompt and its uploads. */
const AGENT_CALLS = [
  { call: 'fsync', upTo: 34 },
  { call: 'pwrite64', upTo: 130 },
  { call: 'write', upTo: 60 },
] as const;
const HUB_CALLS = [
  { call: 'fsync', upTo: 30 },
  { call: 'pwrite64', upTo: 150 },
] as const;

/** Without --seccomp-bpf: with it strace 6.1 injects no signal. */
function killAt(call: string, nth: number): Wrapper {
  return {
    command: [
      ...['strace', '-D', '-f', '-q', '-o', '/dev/null', '-e', `trace=${call}`],
      ...['-e', 'signal=none', '-e', `inject=${call}:signal=KILL:when=${nth}`],
    ],
  };
}

/** Every number below `upTo` once before any comes again, far ones and near ones mixed. */
const swept = (turn: number, upTo: number): number => 1 + ((turn * 37) % upTo);

class KillOffice implements AsyncDisposable {
  readonly office: FaultOffice;
  readonly victim: FaultCounter;
  readonly people: readonly Citizens[];
  readonly #folder: string;
  #machine = 0;

  private constructor(office: FaultOffice, folder: string) {
    const [victim, other] = office.counters;
    if (!victim || !other) throw new Error('two counters are needed');
    this.office = office;
    this.victim = victim;
    this.#folder = folder;
    this.people = [
      new Citizens(victim, { paceMs: 40, panelOfTen: 4 }),
      new Citizens(other, { paceMs: 100, panelOfTen: 0 }),
    ];
  }

  static async make(folder: string): Promise<KillOffice> {
    return new KillOffice(await FaultOffice.make(folder, { counters: 2, panels: true }), folder);
  }

  /** A new machine at the victim's counter, so that enrolment is killed too. */
  async newMachine(): Promise<void> {
    await this.victim.agent?.killHard();
    this.#machine += 1;
    this.victim.replace(join(this.#folder, `machine-${this.#machine}`));
  }

  async killAgent(call: string, nth: number): Promise<boolean> {
    await this.victim.agent?.killHard();
    const enrolled = this.victim.enrolled();
    const life = this.victim.start(killAt(call, nth), enrolled ? null : await this.victim.newCode());
    return endOf(life, 'ready');
  }

  async killHub(call: string, nth: number): Promise<boolean> {
    if (!this.victim.isAlive()) await this.#startAgent();
    await this.office.hub?.killHard();
    await this.office.startHub(killAt(call, nth)).catch(() => undefined);
    return this.office.hub ? endOf(this.office.hub, 'listening') : false;
  }

  async #startAgent(): Promise<void> {
    const code = this.victim.enrolled() ? null : await this.victim.newCode();
    await this.victim.start({}, code).line('ready');
  }

  /** Both run undisturbed until everything thanked is at the hub; answers what is there. */
  async heal(): Promise<Verdict> {
    if (!this.office.hubIsAlive()) await this.office.startHub();
    if (!this.victim.isAlive()) await this.#startAgent();
    for (const people of this.people) people.paused = true;
    const verdict = await this.office.settled();
    for (const people of this.people) people.paused = false;
    return verdict;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const people of this.people) await people[Symbol.asyncDispose]();
    await this.office[Symbol.asyncDispose]();
  }
}

/** Whether the injected signal ended it; otherwise it is killed here. strace makes a start slow, a busy machine slower still. */
async function endOf(life: Program, begun: string): Promise<boolean> {
  await life.line(begun).catch(() => undefined);
  const late = Symbol('late');
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<typeof late>((done) => {
    timer = setTimeout(() => done(late), LIFE_MS);
  });
  const how = await Promise.race([life.exited, timeout]);
  clearTimeout(timer);
  if (how === 'SIGKILL') return true;
  if (how !== late) throw new Error(`ended by itself with ${how}: ${life.stderr().slice(-800)}`);
  await life.killHard();
  return false;
}

async function step(context: StepContext, index: number): Promise<StepResult> {
  const turn = index % CHUNK;
  const place = await context.once('office', () => KillOffice.make(context.folder));
  const chunk = Math.floor(index / CHUNK);
  if (turn === 0) await place.newMachine();
  let name: string;
  let verdict: Verdict;
  if (turn < AGENT_KILLS) {
    const kill = chunk * AGENT_KILLS + turn;
    // The first kill of a new machine falls into its enrolment, however the sweep stands.
    const { call, upTo } = AGENT_CALLS[kill % AGENT_CALLS.length] ?? AGENT_CALLS[0];
    const nth = turn === 0 ? swept(chunk, Math.ceil(upTo / 3)) : swept(Math.floor(kill / 3), upTo);
    name = `agent ${call}${(await place.killAgent(call, nth)) ? '' : ' (by hand)'}`;
    verdict = judgeAgent(place.victim.thanked(), place.victim.data);
  } else {
    const kill = chunk * (CHUNK - AGENT_KILLS) + turn - AGENT_KILLS;
    const { call, upTo } = HUB_CALLS[kill % HUB_CALLS.length] ?? HUB_CALLS[0];
    name = `hub ${call}${(await place.killHub(call, swept(Math.floor(kill / 2), upTo))) ? '' : ' (by hand)'}`;
    verdict = judgeAcknowledged(
      place.office.counters.flatMap((counter) => counter.acknowledged()),
      place.office.hubData,
    );
  }
  const tallies = { [name]: 1 };
  // On the way only what is wrong counts; the thanked are counted once, at the hub.
  if (!context.endsChunk) return { ...wrong(verdict), tallies };
  const healed = await place.heal();
  const { lost, doubled, moved } = wrong(verdict);
  return {
    thanked: healed.thanked,
    stored: healed.stored,
    lost: healed.lost + lost,
    doubled: healed.doubled + doubled,
    moved: healed.moved + moved,
    tallies,
    ...said([...verdict.cases, ...healed.cases]),
  };
}

const said = (cases: readonly string[]) => (cases.length > 0 ? { problem: cases.join('; ') } : {});
const wrong = ({ lost, doubled, moved, cases }: Verdict) => ({ lost, doubled, moved, ...said(cases) });

export const run: ProveRun = {
  title: {
    vi: 'Giết tiến trình thật ở lần fsync và lần ghi thứ N: thiết bị và máy chủ',
    en: 'Real processes killed at their N-th fsync and write: agents and hub',
  },
  unit: { vi: 'lần giết', en: 'kills' },
  full: 1_000,
  quick: 30,
  workers: 2,
  chunk: CHUNK,
  watches: ['tests/prove/fault-office.ts', 'tests/prove/citizens.ts'],
  impossible: () => needsPrograms('strace'),
  step,
  judge: ({ thanked, tallies }) => {
    const byHand = Object.entries(tallies).reduce(
      (sum, [name, times]) => sum + (name.includes('by hand') ? times : 0),
      0,
    );
    const all = Object.values(tallies).reduce((sum, times) => sum + times, 0);
    if (thanked === 0) return 'nobody was thanked';
    return byHand * 4 > all ? `${byHand} of ${all} kills did not fall at their call` : null;
  },
  says: {
    vi: 'thanked: số lời cảm ơn thật; mỗi loại: số lần giết ở lời gọi đó; (by hand): chưa tới lần thứ N, giết tay.',
    en: 'thanked: real thank-yous; each kind: kills at that call; (by hand): N was not reached, killed by hand.',
  },
};
