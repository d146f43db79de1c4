/*
 * Purpose: power cuts under a working office: hub and agents with their data on one xfs image, citizens answering, and
 * the power goes at a moment that depends on the step. After it every thanks is on the agent's disk, everything the hub
 * acknowledged is on the hub's, and once both run again the hub holds every thanks once, where it belongs.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { poll } from '../../support/poll.ts';
import { Citizens } from '../citizens.ts';
import { CutDisk, cutDiskImpossible } from '../cut-disk.ts';
import { FaultOffice } from '../fault-office.ts';
import type { ProveRun, StepContext, StepResult } from '../run.ts';
import { judgeAcknowledged, judgeAgent, plus, type Verdict } from '../thanked-vs-stored.ts';

/** The cut falls after so many thanks of this life, and some milliseconds into what follows. */
const THANKS_UP_TO = 14;
const JITTER_MS = 120;

class CutOffice implements AsyncDisposable {
  readonly disk: CutDisk;
  readonly office: FaultOffice;
  readonly people: readonly Citizens[];

  private constructor(disk: CutDisk, office: FaultOffice) {
    this.disk = disk;
    this.office = office;
    this.people = office.counters.map((counter) => new Citizens(counter, { paceMs: 30, panelOfTen: 4 }));
  }

  static async make(folder: string): Promise<CutOffice> {
    const disk = CutDisk.make(folder);
    try {
      const office = await FaultOffice.make(folder, {
        ...{ counters: 2, panels: true, hubData: join(disk.path, 'hub') },
        kioskData: (number) => join(disk.path, `kiosk-${number}`),
      });
      return new CutOffice(disk, office);
    } catch (error) {
      await disk[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Cuts while ratings are given; answers what both disks lost by it. */
  async cut(afterThanks: number, jitterMs: number): Promise<Verdict> {
    const { office, disk } = this;
    const before = office.thanked().length;
    await poll(() => office.thanked().length - before >= afterThanks, {
      ...{ what: `${afterThanks} thanks`, timeoutMs: 120_000, everyMs: 3 },
    });
    await pause(jitterMs);
    const programs = [...office.counters.map((counter) => counter.agent), office.hub].filter(
      (one) => one !== null,
    );
    await disk.cut(programs.map(({ pid }) => pid));
    await Promise.all(programs.map((one) => one.killHard()));
    await disk.again();
    const kiosks = office.counters.map((counter) => judgeAgent(counter.thanked(), counter.data));
    const acknowledged = office.counters.flatMap((counter) => counter.acknowledged());
    return [...kiosks, judgeAcknowledged(acknowledged, office.hubData)].reduce(plus);
  }

  async heal(): Promise<Verdict> {
    const { office } = this;
    await office.startHub();
    await Promise.all(office.counters.map((counter) => counter.start().line('ready')));
    for (const people of this.people) people.paused = true;
    const verdict = await office.settled();
    for (const people of this.people) people.paused = false;
    return verdict;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const people of this.people) await people[Symbol.asyncDispose]();
    await this.office[Symbol.asyncDispose]();
    await this.disk[Symbol.asyncDispose]();
  }
}

async function step(context: StepContext, index: number): Promise<StepResult> {
  const place = await context.once('office', () => CutOffice.make(context.folder));
  const cut = await place.cut(1 + ((index * 5) % THANKS_UP_TO), (index * 29) % JITTER_MS);
  const healed = await place.heal();
  const cases = [...cut.cases, ...healed.cases];
  return {
    thanked: healed.thanked,
    stored: healed.stored,
    lost: cut.lost + healed.lost,
    doubled: cut.doubled + healed.doubled,
    moved: cut.moved + healed.moved,
    ...(cases.length > 0 ? { problem: cases.join('; ') } : {}),
  };
}

export const run: ProveRun = {
  title: {
    vi: 'Mất điện giữa lúc đánh giá: máy chủ và thiết bị trên đĩa xfs',
    en: 'Power cuts while ratings are given: hub and agents on an xfs disk',
  },
  unit: { vi: 'lần mất điện', en: 'power cuts' },
  full: 60,
  quick: 3,
  workers: 2,
  quickWorkers: 1,
  watches: ['tests/prove/cut-disk.ts', 'tests/prove/fault-office.ts', 'tests/prove/citizens.ts'],
  impossible: cutDiskImpossible,
  step,
  judge: ({ thanked }) => (thanked === 0 ? 'nobody was thanked' : null),
};
