/*
 * Purpose: presses through firmware in emulation, pseudo-terminal, the real driver and a durable store, under mischief;
 *   at the end every panel's pins against every row.
 * Refuses: to stop before every queue is empty; to count a press the pins did not see.
 * Document: firmware-notes/bench-notes.md, "The soak".
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Firmware } from '../support/firmware/build.ts';
import { chanceOf } from '../support/firmware/chance.ts';
import { judge, type PinEvent } from '../support/firmware/judge.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { CounterOffice, type MischiefCounts } from './counter-office.ts';
import type { EmulatedPanel, WallPress } from './emulator.ts';
import { type ArmRow, CounterStore, type PressRow } from './store.ts';

export interface SoakFigures {
  readonly presses: number;
  readonly stored: number;
  readonly lost: number;
  readonly wrong: number;
  readonly doubled: number;
  readonly unfinished: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly holds: boolean;
}

export interface SoakOptions {
  readonly presses: number;
  readonly counters: number;
  readonly seed: number;
  readonly emulator: string;
  readonly firmware: Firmware;
  readonly say: (text: string) => void;
  readonly showEveryMs: number;
}

/** Press to event, at 20 ms of debounce. */
const BAR_P50_MS = 40;
/** Clocks of two processes and the moment between a command and its effect. */
const SLACK_MS = 60;
/** Of a bad press, this much of the panel's life before and after is told. */
const AROUND_MS = 1_500;

type Judged = {
  readonly presses: number;
  readonly stored: number;
  readonly lost: number;
  readonly wrong: number;
  readonly doubled: number;
  readonly unfinished: number;
  readonly tookMs: number[];
};

/** The ticket of a press was asked for before it, and no other one was known to be armed since. */
function ticketFits(arms: readonly ArmRow[], row: PressRow, press: WallPress): boolean {
  const own = arms.findLast((arm) => arm.ticket === row.ticket && arm.askedMs <= press.wallMs + SLACK_MS);
  if (own === undefined) return false;
  return !arms.some(
    ({ ticket, armedMs, askedMs }) =>
      ticket !== row.ticket && askedMs > own.askedMs && armedMs !== null && armedMs < press.wallMs,
  );
}

/** A press that is not as it should be, with what the panel's pins saw around it. */
function explain(
  what: string,
  one: object,
  atMs: number,
  panel: EmulatedPanel,
  say: (text: string) => void,
): void {
  const time = (event: PinEvent) => (event.kind === 'press' ? event.firstMs : event.atMs);
  const around = panel.events.filter((event) => Math.abs(time(event) - atMs) < AROUND_MS);
  say(`${what}: ${JSON.stringify(one)}`);
  for (const event of around.toSorted((a, b) => time(a) - time(b))) say(`    ${JSON.stringify(event)}`);
}

function judgePanel(
  panel: EmulatedPanel,
  rows: readonly PressRow[],
  arms: readonly ArmRow[],
  say: (text: string) => void,
): Judged {
  const known = rows.map((row) => ({ ...row, start: panel.startOfBoot.get(row.boot) ?? null }));
  const verdict = judge(panel.events, known);
  const badTickets = verdict.matched.filter(({ press, row }) => !ticketFits(arms, row, press as WallPress));
  for (const press of verdict.lost) explain('mất / lost', press, press.firstMs, panel, say);
  for (const row of [...verdict.wrong, ...verdict.doubled])
    explain('sai / wrong', row, Number.NaN, panel, say);
  for (const { press, row } of badTickets) explain('sai vé / wrong ticket', row, press.firstMs, panel, say);
  return {
    presses: verdict.presses,
    stored: verdict.matched.length,
    lost: verdict.lost.length,
    wrong: verdict.wrong.length + badTickets.length,
    doubled: verdict.doubled.length,
    unfinished: verdict.unfinished.length,
    tookMs: verdict.matched.map(({ press, row }) => row.receivedMs - (press as WallPress).wallMs),
  };
}

function judgeCounter({ panels, database }: CounterOffice, say: (text: string) => void): Judged[] {
  const store = new CounterStore(database);
  const rows = store.presses();
  const arms = store.arms();
  const hwids = panels.map((panel) => panel.hwid());
  const foreign = rows.filter(({ hwid }) => !hwids.includes(hwid)).length;
  const none = { presses: 0, stored: 0, lost: 0, doubled: 0, unfinished: 0, tookMs: [] };
  return [
    { ...none, wrong: foreign },
    ...panels.map((panel, index) => {
      const own = <R extends { hwid: string }>(list: readonly R[]) =>
        list.filter(({ hwid }) => hwid === hwids[index]);
      return judgePanel(panel, own(rows), own(arms), say);
    }),
  ];
}

function at(sorted: readonly number[], part: number): number {
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0) * 10) / 10;
}

function total(judged: readonly Judged[]): SoakFigures {
  const sum = (of: (one: Judged) => number) => judged.reduce((all, one) => all + of(one), 0);
  const took = judged.flatMap(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
  const lost = sum((one) => one.lost);
  const wrong = sum((one) => one.wrong);
  const doubled = sum((one) => one.doubled);
  const p50Ms = at(took, 0.5);
  return {
    presses: sum((one) => one.presses),
    stored: sum((one) => one.stored),
    lost,
    wrong,
    doubled,
    unfinished: sum((one) => one.unfinished),
    p50Ms,
    p99Ms: at(took, 0.99),
    holds: lost + wrong + doubled === 0 && p50Ms <= BAR_P50_MS,
  };
}

export async function soak(options: SoakOptions): Promise<SoakFigures> {
  const { presses, counters, seed, emulator, firmware, say, showEveryMs } = options;
  await using folder = await tempFolder('soak');
  const chance = chanceOf(seed);
  const offices = Array.from({ length: counters }, (_, index) => {
    const own = chanceOf(Math.floor(chance() * 2 ** 32));
    return new CounterOffice(folder.path, index, emulator, firmware, own);
  });
  for (const office of offices) office.start();
  const likely = () => offices.reduce((sum, office) => sum + office.likely, 0);
  const startedMs = Date.now();
  for (let shownMs = startedMs; likely() < presses * 1.02 + 5; await wait(200)) {
    if (Date.now() - shownMs < showEveryMs) continue;
    shownMs = Date.now();
    const seconds = (shownMs - startedMs) / 1_000;
    const left = Math.max(0, ((presses - likely()) / Math.max(1, likely())) * seconds);
    say(
      `${likely()} / ${presses} lần bấm / presses, ${seconds.toFixed(0)} s, còn / left ${left.toFixed(0)} s`,
    );
  }
  await Promise.all(offices.map((office) => office.finish()));
  const done = offices.map(({ mischief }) => mischief);
  const count = (key: keyof MischiefCounts) => done.reduce((sum, one) => sum + one[key], 0);
  say(
    `${((Date.now() - startedMs) / 1_000).toFixed(0)} s, ${counters} quầy / counters: ${count('pulls')} rút cáp / cable pulls, ` +
      `${count('kills')} giết máy chủ / killed hosts, ${count('crashes')} giữa ghi và ACK / between commit and ACK, ` +
      `${count('cuts')} mất điện / power cuts, ${count('swaps')} đổi bộ nút / swaps`,
  );
  const restarts = offices.reduce(
    (sum, { panels }) => sum + panels.reduce((all, one) => all + one.restarts().length, 0),
    0,
  );
  for (const panel of offices.flatMap((office) => office.panels))
    for (const atMs of panel.restarts()) explain('tự khởi động lại / watchdog', {}, atMs, panel, say);
  if (restarts > 0) say(`${restarts} lần vi điều khiển tự khởi động lại / restarts by watchdog`);
  return total(offices.flatMap((office) => judgeCounter(office, say)));
}
