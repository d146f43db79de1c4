/*
 * A station hears that a turn is over, at a fixed time, and nothing else. Real hub, real agents with windows, stations with
 * socket and page: for every level, tapped, answered whole, corrected, left, looked at or voted by phone, and for nobody at
 * all, the number, the bytes and the times of all that reaches the station are measured and must not differ. The same
 * measure turned on a head's socket, which does hear of single ratings, finds the difference.
 * HAILONG_SILENT=N repeats every cell N times; figures lie in tests/.out/silent-station.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SETTLE_MS } from '../../hub-server/src/domain/ratings/shown-prompt.ts';
import { launchChromium } from '../support/chromium.ts';
import { inRepo } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { difference, type Sample, seeded, shuffled } from '../support/same-times.ts';
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
/** A push on a machine that also runs every other test. */
const LATE_MS = 800;
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
}, 90_000);
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
async function openPrompt(counter: SilentCounter): Promise<Turn & { readonly openedAt: number }> {
  const { station, frames, kiosk } = counter;
  number += 1;
  const code = `A${String(number % 1_000).padStart(3, '0')}`;
  const next = await station.call<{ transactionId: string }>('POST', '/api/v1/station/next', { code });
  expect(next.status).toBe(202);
  const transaction = next.body.transactionId;
  const shows = (state: string) => () =>
    frames.findLast(
      ({ station: { transaction: now } }) => now?.transactionId === transaction && now.state === state,
    )?.station.transaction;
  await poll(shows('serving'), { what: 'the citizen to be served', everyMs: 10 });
  await station.call('POST', '/api/v1/station/finish', { transactionId: transaction, outcome: 'completed' });
  const opened = await kiosk.line((line) => line.event === 'opened' && line['transaction'] === transaction);
  const rating = await poll(shows('rating'), { what: 'the prompt at the station', everyMs: 10 });
  return { counter, transaction, rating: String(opened['id']), openedAt: rating.prompt!.openedAt };
}

interface Seen extends Cell {
  /** Of each frame after the prompt had come: how long after it opened, how many bytes, which. */
  readonly frames: readonly { readonly after: number; readonly bytes: number; readonly text: string }[];
  readonly answers: readonly string[];
  readonly onPage: readonly { readonly after: number; readonly bytes: number }[] | null;
  readonly hints: number;
}

async function live(counter: SilentCounter, cell: Cell, random: () => number): Promise<Seen> {
  const turn = await openPrompt(counter);
  const { openedAt, transaction } = turn;
  await until(openedAt + QUIET_MS);
  const [from, pageFrom, hintsFrom] = [counter.frames.length, page.length, office.hints.length];
  await until(Date.now() + random() * 2_000);
  await CITIZENS[cell.kind]!(turn, cell.level);
  await until(openedAt + LOOK_MS);
  const answers: string[] = [];
  for (const path of ['station', `transactions/${transaction}`]) {
    const { status, body } = await counter.station.call('GET', `/api/v1/${path}`);
    // The turn before, which a counter's first one has not.
    const said = JSON.stringify(body).replace(/"lastClosed":(null|\{[^}]*\})/, '"lastClosed":…');
    answers.push(`${status} ${plain(withoutSending(said))}`);
  }
  await until(openedAt + CLOSE_MS + SETTLE_MS + LATE_MS);
  return {
    ...cell,
    answers,
    frames: counter.frames
      .slice(from)
      .map(({ at, text }) => ({ after: at - openedAt, bytes: bytesOf(text), text: plain(text) })),
    onPage:
      counter === office.counters[0]
        ? page.slice(pageFrom).map(({ at, bytes }) => ({ after: at - openedAt, bytes }))
        : null,
    hints: office.hints.slice(hintsFrom).filter(({ counterId }) => counterId === counter.id).length,
  };
}

const groups = ['level', 'kind'] as const;

test(
  'number, bytes and times of what reaches a station are the same whatever a citizen did',
  async () => {
    const random = seeded(20_261_125);
    const dealt = shuffled(Array.from({ length: REPEAT }, () => cells).flat(), random);
    const seen: Seen[] = [];
    for (let at = 0; at < dealt.length; at += COUNTERS)
      seen.push(
        ...(await Promise.all(
          dealt.slice(at, at + COUNTERS).map((cell, n) => live(office.counters[n]!, cell, random)),
        )),
      );

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

    const fixed = CLOSE_MS + SETTLE_MS;
    const figures = groups.map((group) => {
      const times = seen.map((one, i): Sample => ({ group: String(one[group]), value: pushes[i]!.after }));
      const heads = seen.map((one): Sample => ({ group: String(one[group]), value: one.hints }));
      return { group, station: difference(times), control: difference(heads) };
    });
    mkdirSync(inRepo('tests/.out'), { recursive: true });
    writeFileSync(
      inRepo('tests/.out/silent-station.json'),
      JSON.stringify(
        { turns: seen.length, figures, seen: seen.map(({ answers: _, ...one }) => one) },
        null,
        1,
      ),
    );
    for (const { after } of pushes) expect(after).toBeGreaterThanOrEqual(fixed);
    for (const { group, station, control } of figures) {
      expect.soft(station.p, `${group}: ${JSON.stringify(station)}`).toBeGreaterThan(0.001);
      // The median of five is itself off by some of the run's noise; that of twenty must not be.
      const most = REPEAT >= 20 ? 20 : Math.max(20, 10 * station.noise);
      expect.soft(station.largest, `${group}: ${JSON.stringify(station)}`).toBeLessThanOrEqual(most);
      if (group === 'kind') expect(control.p, JSON.stringify(control)).toBeLessThan(0.001);
    }
  },
  120_000 * REPEAT,
);

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
}, 60_000);

test('a next citizen who waits is called at the same time whatever the one before did', async () => {
  const random = seeded(7);
  const kinds = shuffled([...Object.keys(CITIZENS), ...Object.keys(CITIZENS)], random).slice(0, COUNTERS);
  const called = await Promise.all(
    kinds.map(async (kind, n) => {
      const counter = office.counters[n]!;
      const turn = await openPrompt(counter);
      await until(turn.openedAt + QUIET_MS);
      const next = await counter.station.call<{ transactionId: string }>('POST', '/api/v1/station/next', {});
      expect(next.status).toBe(202);
      await CITIZENS[kind]!(turn, 1 + (n % 5));
      const shown = await poll(
        () =>
          counter.frames.find(
            ({ station }) => station.transaction?.transactionId === next.body.transactionId,
          ),
        { what: 'the next citizen', everyMs: 10 },
      );
      return { kind, after: shown.at - turn.openedAt };
    }),
  );
  for (const { kind, after } of called) {
    expect.soft(after, kind).toBeGreaterThanOrEqual(CLOSE_MS - 100);
    expect.soft(after, kind).toBeLessThan(CLOSE_MS + SETTLE_MS + GROSS_MS);
  }
  const times = called.map(({ after }) => after);
  expect(Math.max(...times) - Math.min(...times), JSON.stringify(called)).toBeLessThan(GROSS_MS);
}, 60_000);
