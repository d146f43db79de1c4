/*
 * Purpose: a full disk and one that turns read-only, under the agent and under the hub, while citizens answer.
 * The agent: its ballast carries ratings on (1,000 and more with what it ships), then it refuses honestly, thanks nobody,
 * its file holds every thanks, and it goes on by itself when there is room. The hub: says "later", and takes everything
 * by itself when it can.
 * Document: kiosk-app/DESIGN.md, "Full disk".
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { poll } from '../../support/poll.ts';
import { Citizens } from '../citizens.ts';
import { freeze } from '../cut-disk.ts';
import { FullDisk, failingDisksImpossible, ReadOnlyDisk } from '../failing-disks.ts';
import { fakeClockImpossible, fastClock } from '../fake-clock.ts';
import { type FaultCounter, FaultOffice } from '../fault-office.ts';
import type { ProveRun, StepContext, StepResult } from '../run.ts';
import { judgeAcknowledged, judgeAgent, type Verdict } from '../thanked-vs-stored.ts';

/** What the agent ships reserves, in MB, and what must come out of it. */
const SHIPPED_MB = 32;
const RATINGS_FROM_SHIPPED = 1_000;
/**
 * A prompt lasts its five seconds however soon everything is answered, and the shipped ballast carries 2,600 of them: over
 * three hours, one after the other. Hub and agent live faster, alike, so that their line does not notice, and so do people.
 */
const FAST = { times: 10, paceMs: 10 };
const FASTER = { times: 40, paceMs: 4 };
const SPENT_WITHIN_MS = 20 * 60_000;
const TOLD_EVERY_MS = 30_000;
const BACK_WITHIN_MS = 60_000;
const QUIET_MS = 2_000;

const ratingsIn = (counter: FaultCounter): number =>
  new Set(
    counter
      .thanked()
      .filter(({ question }) => question === 'overall')
      .map(({ transaction }) => transaction),
  ).size;

function firstOf(office: FaultOffice): FaultCounter {
  const [counter] = office.counters;
  if (!counter) throw new Error('no counter');
  return counter;
}

/** Nobody is thanked while nothing can be stored, and who touches is told so. Answers what is wrong. */
async function refusesHonestly(counter: FaultCounter, people: Citizens): Promise<string | null> {
  const [before, refused] = [counter.thanked().length, people.refused];
  people.knock();
  const answered = await poll(() => people.refused > refused, {
    ...{ what: 'an answer to the touch', timeoutMs: BACK_WITHIN_MS, everyMs: 20 },
  }).catch(() => false);
  await pause(QUIET_MS);
  if (counter.thanked().length !== before) return 'somebody was thanked while the screen said cannot-store';
  return answered ? null : 'a touch got no answer while nothing could be stored';
}

/** What the agent's own file lacks of the thanks, read between two of its calls; it goes on. */
async function missingOnDisk(counter: FaultCounter): Promise<readonly string[]> {
  const pid = counter.agent?.pid;
  if (pid === undefined) throw new Error('no agent');
  await freeze([pid]);
  try {
    return judgeAgent(counter.thanked(), counter.data).cases;
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

const moreThanks = (counter: FaultCounter, than: number, count: number) =>
  poll(() => counter.thanked().length >= than + count, {
    ...{ what: 'thanks again', timeoutMs: BACK_WITHIN_MS, everyMs: 20 },
  });

const cannotStore = (people: Citizens, timeoutMs: number) =>
  poll(() => people.screen === 'cannot-store', { what: 'an honest refusal', timeoutMs, everyMs: 20 });

function result(verdict: Verdict, more: StepResult, problems: readonly (string | null)[]): StepResult {
  const { cases, ...counts } = verdict;
  const wrong = [...problems.filter((one) => one !== null), ...cases];
  return { ...counts, ...more, ...(wrong.length > 0 ? { problem: wrong.join('; ') } : {}) };
}

async function agentFull({ folder, quick, say }: StepContext, index: number): Promise<StepResult> {
  const shipped = index === 0 && !quick;
  const { times, paceMs } = shipped ? FASTER : FAST;
  const ballastMb = shipped ? SHIPPED_MB : quick ? 1 : 2;
  await using disk = FullDisk.make(join(folder, `disk-${index}`), ballastMb + 16);
  await using office = await FaultOffice.make(join(folder, `office-${index}`), {
    ...{ counters: 1, wrapper: fastClock(times), ballastMb: shipped ? null : ballastMb },
    kioskData: () => join(disk.path, 'kiosk'),
  });
  const counter = firstOf(office);
  await using people = new Citizens(counter, { paceMs });
  const reserved = () => statSync(join(counter.data, 'ballast')).size === ballastMb * 1_048_576;
  await poll(reserved, { what: 'the ballast', timeoutMs: 60_000 });
  await poll(() => counter.thanked().length > 0, { what: 'the first thanks' });
  disk.fill();
  const before = ratingsIn(counter);
  const told = setInterval(() => {
    say(`${ratingsIn(counter) - before} ratings from ${ballastMb} MB of ballast so far`);
  }, TOLD_EVERY_MS);
  await cannotStore(people, SPENT_WITHIN_MS).finally(() => clearInterval(told));
  const carried = ratingsIn(counter) - before;
  const dishonest = await refusesHonestly(counter, people);
  const missing = await missingOnDisk(counter);
  const thanks = counter.thanked().length;
  disk.empty();
  await moreThanks(counter, thanks, 3);
  people.paused = true;
  const few =
    shipped && carried < RATINGS_FROM_SHIPPED ? `${carried} ratings from the shipped ballast` : null;
  const tallies = { 'agent, full': 1, [`ratings from ${ballastMb} MB of ballast`]: carried };
  return result(await office.settled(), { tallies }, [few, dishonest, ...missing]);
}

async function agentReadOnly({ folder }: StepContext, index: number): Promise<StepResult> {
  await using disk = ReadOnlyDisk.make(join(folder, `disk-${index}`));
  await using office = await FaultOffice.make(join(folder, `office-${index}`), {
    ...{ counters: 1, kioskData: () => join(disk.path, 'kiosk') },
  });
  const counter = firstOf(office);
  await using people = new Citizens(counter, { paceMs: 60 });
  await poll(() => counter.thanked().length > index % 7, { what: 'the first thanks', everyMs: 3 });
  await disk.fail([counter.agent?.pid ?? 0]);
  await cannotStore(people, BACK_WITHIN_MS);
  const dishonest = await refusesHonestly(counter, people);
  await counter.agent?.killHard();
  await disk.mend();
  const left = judgeAgent(counter.thanked(), counter.data);
  const thanks = counter.thanked().length;
  await counter.start().line('ready');
  await moreThanks(counter, thanks, 3);
  people.paused = true;
  return result(await office.settled(), { tallies: { 'agent, read-only': 1 } }, [dishonest, ...left.cases]);
}

async function hubFull({ folder }: StepContext, index: number): Promise<StepResult> {
  await using disk = FullDisk.make(join(folder, `disk-${index}`), 48);
  await using office = await FaultOffice.make(join(folder, `office-${index}`), {
    ...{ counters: 1, hubData: join(disk.path, 'hub') },
  });
  const counter = firstOf(office);
  await using people = new Citizens(counter, { paceMs: 250 });
  await poll(() => counter.thanked().length > 0, { what: 'the first thanks', everyMs: 3 });
  disk.fill();
  const before = counter.thanked().length;
  await moreThanks(counter, before, 3);
  await pause(QUIET_MS);
  const stopped = office.hubIsAlive() ? null : 'the hub ended on a full disk';
  const thanks = counter.thanked().length;
  disk.empty();
  // By itself: nobody starts anything anew; the next citizens come through the hub again.
  await moreThanks(counter, thanks, 3);
  people.paused = true;
  return result(await office.settled(), { tallies: { 'hub, full': 1 } }, [stopped]);
}

async function hubReadOnly({ folder }: StepContext, index: number): Promise<StepResult> {
  await using disk = ReadOnlyDisk.make(join(folder, `disk-${index}`));
  await using office = await FaultOffice.make(join(folder, `office-${index}`), {
    ...{ counters: 1, hubData: join(disk.path, 'hub') },
  });
  const counter = firstOf(office);
  await using people = new Citizens(counter, { paceMs: 250 });
  await poll(() => counter.thanked().length > 0, { what: 'the first thanks', everyMs: 3 });
  await disk.fail([office.hub?.pid ?? 0]);
  const before = counter.thanked().length;
  await moreThanks(counter, before, 3);
  await office.hub?.killHard();
  await disk.mend();
  const left = judgeAcknowledged(counter.acknowledged(), office.hubData);
  await office.startHub();
  await moreThanks(counter, counter.thanked().length, 3);
  people.paused = true;
  return result(await office.settled(), { tallies: { 'hub, read-only': 1 } }, [...left.cases]);
}

const KINDS = [agentFull, agentReadOnly, hubFull, hubReadOnly] as const;

export const run: ProveRun = {
  title: {
    vi: 'Đĩa đầy và đĩa chuyển sang chỉ đọc, ở thiết bị và ở máy chủ',
    en: 'A full disk and one that turns read-only, under agents and hub',
  },
  unit: { vi: 'lần', en: 'failing disks' },
  full: 12,
  quick: 4,
  workers: 2,
  watches: ['tests/prove/failing-disks.ts', 'tests/prove/fault-office.ts', 'tests/prove/citizens.ts'],
  impossible: () => failingDisksImpossible() ?? fakeClockImpossible(),
  step: (context, index) => (KINDS[index % KINDS.length] ?? agentFull)(context, index),
  judge: ({ thanked }) => (thanked === 0 ? 'nobody was thanked' : null),
  says: {
    vi: 'ratings from N MB of ballast: số lượt đánh giá nhận được sau khi đĩa đã đầy, nhờ phần giữ sẵn.',
    en: 'ratings from N MB of ballast: ratings taken after the disk was full, out of what was reserved.',
  },
};
