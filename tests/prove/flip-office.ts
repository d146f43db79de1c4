/*
 * Purpose: what the bit flips are done to: the folders an office left at some moments, taken once a worker. The agent
 * killed with votes the hub has not got, and stopped in order; the hub killed before those votes, killed when it had
 * everything, and stopped in order; and what a witness says of it. Each flip gets copies of them.
 */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { HighWaterFile } from '../../kiosk-app/agent/adapters/high-water-file.ts';
import { kioskBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { runProgram } from '../support/program.ts';
import { Citizens } from './citizens.ts';
import { FaultOffice } from './fault-office.ts';
import { agentFacts, hubHolding, type Served, type Thanked } from './thanked-vs-stored.ts';

/** Enough for several prompts, and for a last one that the hub does not see. */
const THANKS_BEFORE = 22;
const UNSEEN = 3;
/** Each start may write an anchor, seldom after everything else has arrived. */
const TRIES = 20;

/** The lock, the shared memory of a dead WAL, the ballast and sockets are no data. */
const isData = (path: string): boolean => !/-shm$|\.lock$|\.sock$/.test(path) && basename(path) !== 'ballast';

export function copyData(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: isData });
}

/** Whether the high-water file knows the last event of the database beside it. */
function isMarked(data: string): boolean {
  const file = new HighWaterFile(join(data, 'high-water'));
  try {
    const { mark } = file.read();
    const last = agentFacts(data).at(-1);
    return last !== undefined && mark?.epoch === last.epoch && mark.seq === last.seq;
  } finally {
    file.close();
  }
}

export class FlipOffice implements AsyncDisposable {
  readonly folder: string;
  readonly setup: FaultOffice['setup'];
  readonly thanked: readonly Thanked[];
  readonly served: ReadonlyMap<string, Served>;

  private constructor(folder: string, office: FaultOffice, thanked: readonly Thanked[]) {
    this.folder = folder;
    this.setup = office.setup;
    this.thanked = thanked;
    this.served = office.served;
  }

  static async make(folder: string): Promise<FlipOffice> {
    const kept = join(folder, 'kept');
    mkdirSync(kept, { recursive: true });
    await using office = await FaultOffice.make(folder, { counters: 1 });
    const [counter] = office.counters;
    if (!counter) throw new Error('no counter');
    const keep = (name: string, data: string) => copyData(data, join(kept, name));
    await using people = new Citizens(counter, { paceMs: 60 });
    const thanks = (count: number) =>
      poll(() => counter.thanked().length >= count, {
        what: `${count} thanks`,
        everyMs: 5,
        timeoutMs: 60_000,
      });
    await thanks(THANKS_BEFORE);
    await office.hub?.killHard();
    keep('hub-early', office.hubData);
    await thanks(THANKS_BEFORE + UNSEEN);
    people.paused = true;
    // What died within the same second as the agent no high-water file can know: kiosk-app/DESIGN.md says so.
    await poll(() => isMarked(counter.data), { what: 'the high-water file to follow' });
    await counter.agent?.killHard();
    keep('agent-killed', counter.data);
    await counter.start().line('ready');
    await counter.stop();
    keep('agent-stopped', counter.data);
    await office.startHub();
    // Every event, not the votes alone: what the witness names beyond the hub's would be no fault of a flip. An anchor may
    // still be written when the last vote has arrived, so it is looked at when the agent writes no more.
    const all = () => hubHolding(office.hubData).facts.length >= agentFacts(counter.data).length;
    for (let tries = 0; tries === 0 || !all(); tries += 1) {
      if (tries === TRIES) throw new Error(`the hub has not got every event after ${TRIES} starts`);
      await counter.start().line('ready');
      await poll(() => office.arrived() && all(), { what: 'every event at the hub' });
      await counter.stop();
    }
    await office.hub?.killHard();
    keep('hub-killed', office.hubData);
    keep('agent-late', counter.data);
    await office.startHub();
    await office.hub?.stop();
    keep('hub-stopped', office.hubData);
    const { lines } = await runProgram(kioskBin, ['witness', '--data', counter.data, '--json']);
    writeFileSync(join(kept, 'witness'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return new FlipOffice(kept, office, office.thanked());
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
