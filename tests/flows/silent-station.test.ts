/*
 * A station hears that a turn is over, at a fixed time, and nothing else. Real hub, real agents with windows, stations with
 * socket and page: for every level, tapped, answered whole, corrected, left, looked at or voted by phone, and for nobody at
 * all, the number, the bytes and the times of all that reaches the station are measured and must not differ. The same
 * measure turned on a head's socket, which does hear of single ratings, finds the difference. A turn for which the machine was
 * too slow is no measurement, whatever it shows, and is lived again; what chance alone may show must be found twice.
 * HAILONG_SILENT=N repeats every cell N times; figures lie in tests/.out/silent-station.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SETTLE_MS } from '../../hub-server/src/domain/ratings/shown-prompt.ts';
import { launchChromium } from '../support/chromium.ts';
import { inRepo } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Difference, difference, type Sample, seeded, shuffled } from '../support/same-times.ts';
import {
  byPhone,
  CLOSE_MS,
  openSilentOffice,
  type SilentCounter,
  type SilentOffice,
  withoutSending,
} from '../support/silent-office.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const COUNTERS = 12;
const REPEAT = Number(process.env['HAILONG_SILENT'] ?? '1');
/** What came of opening the prompt has come by then; no citizen is quicker. */
const QUIET_MS = 600;
/** When the officer looks at the page's answers, in the middle of the prompt. */
const LOOK_MS = 4_200;
/** After the push, in which no second one comes. */
const LATE_MS = 800;
/** A difference of a machine that also runs every other test, whatever the citizens did. */
const SMALL_MS = 20;
/** One turn of a kind tells of what is gross alone: a next citizen who is called when a phone takes over, say. */
const GROSS_MS = 500;

interface Cell {
  readonly kind: string;
  readonly level: number;
}
interface Turn {
  readonly counter: SilentCounter;
  readonly rating: string;
  readonly transaction: string;
}

interface Opened extends Turn {
  readonly openedAt: number;
  /** How long after it opened its station showed it. */
  readonly shownMs: number;
}

const ALL = ['attitude', 'guidance'];
const CITIZENS: Readonly<Record<string, (turn: Turn, level: number) => Promise<void>>> = {
  async tap({ counter: { window } }, level) {
    await window.tap('overall', level);
    for (const question of ALL) await window.skip(question);
  },
  async whole({ counter: { window } }, level) {
    for (const question of ['overall', ...ALL]) await window.tap(question, level);
  },
  async corrected({ counter: { window } }, level) {
    const { rating } = await window.tap('overall', level === 3 ? 5 : 6 - level);
    await window.question('attitude');
    window.correct(rating);
    await window.tap('overall', level);
  },
  async left({ counter: { window } }, level) {
    await window.tap('overall', level);
  },
  async tappedThenPhone({ counter, rating, transaction }, level) {
    counter.window.private((await counter.window.tap('overall', level)).rating);
    await byPhone(office.url, counter.ticket(rating, transaction), null);
  },
  async phone({ counter, rating, transaction }, level) {
    counter.window.private((await counter.window.question('overall')).rating);
    await byPhone(office.url, counter.ticket(rating, transaction), level);
  },
  async nobody() {},
};

/** Every level with every citizen, and nobody as often. */
const cells: readonly Cell[] = Object.keys(CITIZENS).flatMap((kind) =>
  [1, 2, 3, 4, 5].map((level): Cell => ({ kind, level: kind === 'nobody' ? 0 : level })),
);

let folder: TempFolder;
let office: SilentOffice;
let browser: Browser;
/** All that reached the page of the first counter: frames of its socket, and answers to its requests. */
const page: { readonly at: number; readonly bytes: number }[] = [];
let lastOnPage = '';

beforeAll(async () => {
  folder = await tempFolder('silent-station');
  office = await openSilentOffice(folder.path, COUNTERS);
  browser = await launchChromium();
  const tab = await (await browser.newContext({ viewport: { width: 360, height: 800 } })).newPage();
  tab.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      const said = withoutSending(String(payload));
      if (said !== lastOnPage) page.push({ at: Date.now(), bytes: bytesOf(said) });
      lastOnPage = said;
    }),
  );
  tab.on('response', () => page.push({ at: Date.now(), bytes: -1 }));
  await tab.goto(`${office.url}/station?enrol=${office.stationCodes[0]}`);
  await tab.getByLabel('Mã cán bộ').fill(office.counters[0]!.officer);
  await tab.getByLabel('PIN').fill(office.pin);
  await tab.keyboard.press('Enter');
  await tab.getByText('Mời người tiếp theo').waitFor();
  // The login ended the socket of before; the page's next one speaks for the officer.
  await poll(() => lastOnPage.includes('"state":"started"'), { what: 'the page’s socket' });
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await office?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

const until = (at: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));

/** What differs between any two turns is taken out: ids, times, numbers that count turns. */
function plain(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/\b1\d{12}\b/g, '<ms>')
    .replaceAll(/"(csrfToken|code|number|queueNumber)":"[^"]*"/g, '"$1":"…"')
    .replaceAll(/"(served|prompted)":\d+/g, '"$1":n');
}
/** The bytes as they are, less what counts turns. */
function bytesOf(text: string): number {
  return Buffer.byteLength(text.replaceAll(/"(served|prompted)":\d+/g, '"$1":n'));
}

let number = 0;

/** Serves one citizen up to the open prompt that its station shows; what follows is what is measured. */
async function openPrompt(counter: SilentCounter): Promise<Opened> {
  const { station, frames, kiosk } = counter;
  number += 1;
  const code = `A${String(number % 1_000).padStart(3, '0')}`;
  const next = await station.call<{ transactionId: string }>('POST', '/api/v1/station/next', { code });
  expect(next.status).toBe(202);
  const transaction = next.body.transactionId;
  const shows = (state: string) => () =>
    frames.findLast(
      ({ station: { transaction: now } }) => now?.transactionId === transaction && now.state === state,
    );
  await poll(shows('serving'), { what: 'the citizen to be served', everyMs: 10 });
  await station.call('POST', '/api/v1/station/finish', { transactionId: transaction, outcome: 'completed' });
  const opened = await kiosk.line((line) => line.event === 'opened' && line['transaction'] === transaction);
  const rating = await poll(shows('rating'), { what: 'the prompt at the station', everyMs: 10 });
  const { openedAt } = rating.station.transaction!.prompt!;
  const onPage = () => lastOnPage.includes(transaction) && lastOnPage.includes('"state":"rating"');
  if (counter === office.counters[0]) await poll(onPage, { what: 'the prompt on the page', everyMs: 10 });
  return { counter, transaction, rating: String(opened['id']), openedAt, shownMs: rating.at - openedAt };
}

/** What the citizen does; false: this machine was too slow for it, the prompt was over. */
async function act(turn: Opened, { kind, level }: Cell): Promise<boolean> {
  const closesAt = turn.openedAt + CLOSE_MS;
  const { window } = turn.counter;
  window.deadline = closesAt;
  try {
    await CITIZENS[kind]!(turn, level);
    return true;
  } catch (error) {
    if (Date.now() < closesAt) throw error;
    return false;
  } finally {
    window.deadline = null;
  }
}

interface Seen extends Cell {
  /** Of each frame after the prompt had come: how long after it opened, how many bytes, which. */
  readonly frames: readonly { readonly after: number; readonly bytes: number; readonly text: string }[];
  readonly answers: readonly string[];
  readonly onPage: readonly { readonly after: number; readonly bytes: number }[] | null;
  readonly hints: number;
  /** How much later than asked a question was answered that was put to the hub when the push was due. */
  readonly lagMs: number;
}

/** Null: this machine was too slow, it is no measurement. */
async function live(counter: SilentCounter, cell: Cell, random: () => number): Promise<Seen | null> {
  const turn = await openPrompt(counter);
  const { openedAt, transaction } = turn;
  await until(openedAt + QUIET_MS);
  const [from, pageFrom, hintsFrom] = [counter.frames.length, page.length, office.hints.length];
  await until(Date.now() + random() * 2_000);
  const hasActed = await act(turn, cell);
  await until(openedAt + LOOK_MS);
  const answers: string[] = [];
  for (const path of ['station', `transactions/${transaction}`]) {
    const { status, body } = await counter.station.call('GET', `/api/v1/${path}`);
    // The turn before, which a counter's first one has not.
    const said = JSON.stringify(body).replace(/"lastClosed":(null|\{[^}]*\})/, '"lastClosed":…');
    answers.push(`${status} ${plain(withoutSending(said))}`);
  }
  const due = openedAt + CLOSE_MS + SETTLE_MS;
  const isInTime = hasActed && Date.now() < due;
  await until(due);
  await fetch(`${office.url}/api/v1/clock`);
  const lagMs = Date.now() - due;
  const isFirst = counter === office.counters[0];
  const told = () => counter.frames.length > from && (!isFirst || page.length > pageFrom);
  await poll(told, { what: 'the end of the turn at the station', everyMs: 20 });
  await until(Math.max(due, Date.now()) + LATE_MS);
  // An agent that was kept from its hub's pings for 15 s is told of as away, and again as back.
  const wasAway = counter.frames.slice(from).some(({ station }) => !station.device.online);
  if (!isInTime || wasAway) return null;
  return {
    ...cell,
    ...{ answers, lagMs },
    frames: counter.frames
      .slice(from)
      .map(({ at, text }) => ({ after: at - openedAt, bytes: bytesOf(text), text: plain(text) })),
    onPage: isFirst ? page.slice(pageFrom).map(({ at, bytes }) => ({ after: at - openedAt, bytes })) : null,
    hints: office.hints.slice(hintsFrom).filter(({ counterId }) => counterId === counter.id).length,
  };
}

const groups = ['level', 'kind'] as const;

/** Every cell as often as asked for. */
async function liveAll(random: () => number): Promise<readonly Seen[]> {
  const left = shuffled(Array.from({ length: REPEAT }, () => cells).flat(), random);
  const seen: Seen[] = [];
  while (left.length > 0) {
    const round = left.splice(0, COUNTERS);
    const lived = await Promise.all(round.map((cell, n) => live(office.counters[n]!, cell, random)));
    seen.push(...lived.filter((one) => one !== null));
    left.push(...round.filter((_, n) => lived[n] === null));
  }
  return seen;
}

const figuresOf = (seen: readonly Seen[]) =>
  groups.map((group) => {
    const times = seen.map((one): Sample => ({ group: String(one[group]), value: one.frames[0]!.after }));
    const heads = seen.map((one): Sample => ({ group: String(one[group]), value: one.hints }));
    const station = difference(times);
    const most = mostOf(station, seen);
    const differs = station.p <= 0.001 || station.largest > most;
    return { group, station, most, differs, control: difference(heads) };
  });
/**
 * The median of five is itself off by some of the run's noise, and by as much as anything waited at the moment of a push;
 * that of twenty must not be.
 */
const mostOf = ({ noise }: Difference, seen: readonly Seen[]): number =>
  REPEAT >= 20 ? SMALL_MS : Math.max(SMALL_MS, 10 * noise, ...seen.map(({ lagMs }) => lagMs));

test(
  'number, bytes and times of what reaches a station are the same whatever a citizen did',
  async () => {
    const random = seeded(20_261_125);
    let figures: ReturnType<typeof figuresOf> = [];
    // Chance alone shows a difference in one run of hundreds: one that is there is there again.
    for (const _ of ['first', 'again']) {
      figures = await judged(await liveAll(random));
      if (!figures.some(({ differs }) => differs)) break;
    }
    expect(figures.filter(({ differs }) => differs)).toEqual([]);
    const control = figures.find(({ group }) => group === 'kind')?.control;
    expect(control?.p, JSON.stringify(control)).toBeLessThan(0.001);
  },
  600_000 * REPEAT,
);

/** Number and bytes of what came, no sooner than it may; the figures of its times. */
async function judged(seen: readonly Seen[]) {
  // Nothing came but the one push that the turn is over; each says the same with the same bytes.
  expect(seen.map(({ kind, level, frames }) => [kind, level, frames.length])).toEqual(
    seen.map(({ kind, level }) => [kind, level, 1]),
  );
  const pushes = seen.map(({ frames }) => frames[0]!);
  expect([...new Set(pushes.map(({ text }) => text))]).toHaveLength(1);
  expect([...new Set(pushes.map(({ bytes }) => bytes))]).toHaveLength(1);
  expect(pushes[0]!.text).toContain('"transaction":null');
  // What the officer may ask for meanwhile says that the prompt is open.
  expect([...new Set(seen.map(({ answers }) => answers.join('\n')))]).toHaveLength(1);
  expect(seen[0]!.answers[0]).toContain('"state":"rating"');
  // The page asked for nothing and was told once.
  const onPage = seen.flatMap(({ onPage: one }) => (one === null ? [] : [one]));
  expect(onPage.map((one) => one.map(({ bytes }) => bytes))).toEqual(
    onPage.map(() => [onPage[0]![0]!.bytes]),
  );

  const figures = figuresOf(seen);
  mkdirSync(inRepo('tests/.out'), { recursive: true });
  writeFileSync(
    inRepo('tests/.out/silent-station.json'),
    JSON.stringify({ turns: seen.length, figures, seen: seen.map(({ answers: _, ...one }) => one) }, null, 1),
  );
  for (const { after } of pushes) expect(after).toBeGreaterThanOrEqual(CLOSE_MS + SETTLE_MS);
  return figures;
}

test('a hub killed while prompts are open tells the stations at the same fixed time', async () => {
  const [one, other] = office.counters as [SilentCounter, SilentCounter];
  const turns = await Promise.all([one, other].map(openPrompt));
  await one.window.tap('overall', 1);
  await office.killHub();
  const from = [one, other].map(({ frames }) => frames.length);
  await office.startHub();
  const told = await Promise.all(
    turns.map(({ counter, transaction }, i) =>
      poll(
        () =>
          counter.frames
            .slice(from[i])
            .find(({ station }) => station.lastClosed?.transactionId === transaction),
        { what: 'the close at the station' },
      ),
    ),
  );
  for (const [i, { at, station }] of told.entries()) {
    const { openedAt } = turns[i]!;
    expect(station.lastClosed?.at).toBe(openedAt + CLOSE_MS);
    expect(at - openedAt).toBeGreaterThanOrEqual(CLOSE_MS + SETTLE_MS);
  }
});

test('a next citizen who waits is called at the same time whatever the one before did', async () => {
  const random = seeded(7);
  const kinds = shuffled([...Object.keys(CITIZENS), ...Object.keys(CITIZENS)], random).slice(0, COUNTERS);
  const lag = watchLag();
  const called = await Promise.all(
    kinds.map(async (kind, n) => {
      const counter = office.counters[n]!;
      const turn = await openPrompt(counter);
      await until(turn.openedAt + QUIET_MS);
      const next = await counter.station.call<{ transactionId: string }>('POST', '/api/v1/station/next', {});
      expect(next.status).toBe(202);
      // Too late on a machine that slow: somebody who did nothing.
      await act(turn, { kind, level: 1 + (n % 5) });
      const shown = await poll(
        () =>
          counter.frames.find(
            ({ station }) => station.transaction?.transactionId === next.body.transactionId,
          ),
        { what: 'the next citizen', everyMs: 10 },
      );
      return { kind, after: shown.at - turn.openedAt, shownMs: turn.shownMs };
    }),
  );
  // All counters do as much at once as when their prompts opened: as long as that took to show is this machine's own.
  const gross = GROSS_MS + 2 * Math.max(await lag(), ...called.map(({ shownMs }) => shownMs));
  for (const { kind, after } of called) {
    expect.soft(after, kind).toBeGreaterThanOrEqual(CLOSE_MS - 100);
    expect.soft(after, kind).toBeLessThan(CLOSE_MS + SETTLE_MS + gross);
  }
  const times = called.map(({ after }) => after);
  expect(Math.max(...times) - Math.min(...times), JSON.stringify(called)).toBeLessThan(gross);
});

/** The longest that a question to the hub waited beyond its time, by whatever this machine does, from now until asked. */
function watchLag(): () => Promise<number> {
  let [worst, isOver] = [0, false];
  const watch = async (): Promise<void> => {
    while (!isOver) {
      const due = Date.now() + 50;
      await until(due);
      await fetch(`${office.url}/api/v1/clock`);
      worst = Math.max(worst, Date.now() - due);
    }
  };
  const watching = watch();
  return async () => {
    isOver = true;
    await watching;
    return worst;
  };
}
