/*
 * Purpose: the control of the power cuts: the same cut under an agent whose database is opened with synchronous=NORMAL
 * (tests/faults/control-agent.ts; no shipped program can run like this) must lose what was thanked. If it did not, the
 * cuts would prove nothing. The hub's data lies elsewhere; what counts is the agent's own disk, right after the cut.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inRepo } from '../../support/paths.ts';
import { poll } from '../../support/poll.ts';
import { Citizens } from '../citizens.ts';
import { CutDisk, cutDiskImpossible } from '../cut-disk.ts';
import { FaultOffice } from '../fault-office.ts';
import type { ProveRun, StepContext, StepResult } from '../run.ts';
import { judgeAgent } from '../thanked-vs-stored.ts';

const THANKS = 12;
/** What was thanked long ago the system has written by itself, and a checkpoint just before the cut keeps all: one cut may lose nothing. */
const TRIES = 3;

class ControlOffice implements AsyncDisposable {
  readonly disk: CutDisk;
  readonly office: FaultOffice;
  readonly people: Citizens;

  private constructor(disk: CutDisk, office: FaultOffice, people: Citizens) {
    this.disk = disk;
    this.office = office;
    this.people = people;
  }

  /** Enrolled and on duty as it ships; what is written until then is on the disk. */
  static async make(folder: string): Promise<ControlOffice> {
    const disk = CutDisk.make(folder);
    try {
      const office = await FaultOffice.make(folder, {
        counters: 1,
        kioskData: (number) => join(disk.path, `kiosk-${number}`),
      });
      const [counter] = office.counters;
      if (!counter) throw new Error('no counter');
      await counter.stop();
      return new ControlOffice(disk, office, new Citizens(counter, { paceMs: 20 }));
    } catch (error) {
      await disk[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.people[Symbol.asyncDispose]();
    await this.office[Symbol.asyncDispose]();
    await this.disk[Symbol.asyncDispose]();
  }
}

async function step(context: StepContext, index: number): Promise<StepResult> {
  for (let tried = 1; ; tried += 1) {
    // A new office each time: the hub suspends a kiosk that has lost what it was told, and nobody is thanked any more.
    const folder = join(context.folder, `office-${index}-${tried}`);
    mkdirSync(folder);
    const cut = await cutOnce(folder);
    if ((cut.lost ?? 0) > 0 || tried === TRIES) return cut;
  }
}

async function cutOnce(folder: string): Promise<StepResult> {
  await using control = await ControlOffice.make(folder);
  const { office, disk } = control;
  const [counter] = office.counters;
  if (!counter) throw new Error('no counter');
  const agent = counter.start({ program: inRepo('tests/faults/control-agent.ts') });
  await agent.line('ready');
  await poll(() => counter.thanked().length >= THANKS, { what: 'thanks', timeoutMs: 120_000, everyMs: 3 });
  await disk.cut([agent.pid]);
  await agent.killHard();
  await disk.again();
  const { thanked, stored, lost } = judgeAgent(counter.thanked(), counter.data);
  return { thanked, stored, lost, tallies: { [lost > 0 ? 'cuts that lost' : 'cuts that lost nothing']: 1 } };
}

export const run: ProveRun = {
  title: {
    vi: 'Đối chứng: cùng kiểu mất điện, nhưng cơ sở dữ liệu mở với synchronous=NORMAL, phải mất dữ liệu',
    en: 'Control: the same power cuts under a database opened with synchronous=NORMAL must lose',
  },
  unit: { vi: 'lần mất điện', en: 'power cuts' },
  full: 10,
  quick: 1,
  watches: [
    'tests/prove/cut-disk.ts',
    'tests/prove/fault-office.ts',
    'tests/prove/citizens.ts',
    'tests/faults',
  ],
  impossible: cutDiskImpossible,
  step,
  commonBar: false,
  judge: ({ lost }) => (lost > 0 ? null : 'the control lost nothing: the cuts prove nothing'),
  says: {
    vi: 'lost phải lớn hơn 0: đây là bản mở sai cố ý, không phải chương trình giao cho cơ quan.',
    en: 'lost must be above 0: this agent is opened wrongly on purpose and is no shipped program.',
  },
};
