/*
 * Purpose: what a station can read is a function of `rating.opened` alone. On real SQLite files, many counters live through the
 * same minute and differ only in what their citizens do; at every moment of it their stations read the same bytes.
 */
import { randomUUID } from 'node:crypto';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SETTLE_MS, shownPrompt } from '../../../hub-server/src/domain/ratings/shown-prompt.ts';
import { isAllSent, SENDING_MS } from '../../../hub-server/src/domain/transactions/all-sent.ts';
import { type KeptHub, type KeptKiosk, keptHub } from '../../support/kept-hub.ts';
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts';
import { service } from '../../support/test-device.ts';

const START = Date.UTC(2026, 10, 23, 2, 0, 0);
const CLOSE_MS = 30_000;
/** When the prompt opens; what is served before it takes the same time everywhere. */
const OPENED = START + 120_000;

type Said = readonly [afterMs: number, body: (ids: { rating: string; transaction: string }) => unknown];
const vote = (afterMs: number, question: string, attempt: number, level: number): Said => [
  afterMs,
  ({ rating, transaction }) => ({
    ...{ type: 'rating.voted', vote: randomUUID(), rating, transaction, question, attempt },
    ...{ askTicket: 7, level, source: { via: 'touch', press: randomUUID() } },
  }),
];
const close = (afterMs: number, reason = 'timed', drained = true): Said => [
  afterMs,
  ({ rating, transaction }) => ({ type: 'rating.closed', rating, transaction, reason, drained }),
];
const wentPrivate = (afterMs: number): Said => [
  afterMs,
  ({ rating, transaction }) => ({ type: 'rating.went_private', rating, transaction, drained: true }),
];

const CITIZENS: Readonly<Record<string, readonly Said[]>> = {
  ...Object.fromEntries(
    [1, 2, 3, 4, 5].flatMap((level) => [
      [`taps ${level}`, [vote(4_000, 'overall', 1, level), close(CLOSE_MS)]],
      [
        `answers everything with ${level}`,
        [
          ...[vote(1_000, 'overall', 1, level), vote(2_000, 'attitude', 1, level)],
          ...[vote(3_000, 'guidance', 1, level), close(CLOSE_MS + 1_990)],
        ],
      ],
      [
        `corrects to ${level}`,
        [
          ...[vote(3_000, 'overall', 1, 6 - level), vote(9_000, 'overall', 2, level)],
          ...[vote(12_000, 'overall', 3, level), close(CLOSE_MS + 40)],
        ],
      ],
      [`taps ${level} and takes it to the phone`, [vote(500, 'overall', 1, level), close(700, 'private')]],
    ]),
  ),
  'does nothing': [close(CLOSE_MS)],
  'takes it to the phone at once': [close(300, 'private')],
  'takes it to the phone, the counter waiting': [wentPrivate(300), close(CLOSE_MS, 'private')],
  'taps and takes it to the phone, the counter waiting': [
    ...[vote(400, 'overall', 1, 2), wentPrivate(9_000), close(CLOSE_MS + 15, 'private')],
  ],
  'is cut off by a power cut': [vote(2_000, 'overall', 1, 1), close(5_000, 'interrupted', false)],
  'is on a kiosk that is never heard again': [],
};

let folder: TempFolder;
let kept: KeptHub;
beforeAll(async () => {
  folder = await tempFolder('silent');
  kept = await keptHub(folder.path);
});
afterAll(async () => {
  await kept?.close();
  await folder?.[Symbol.asyncDispose]();
});

interface Counter {
  readonly name: string;
  readonly kiosk: KeptKiosk;
  readonly ids: { readonly rating: string; readonly transaction: string };
  readonly said: readonly Said[];
  /** Ids of this counter, by which two that show the same differ. */
  readonly own: readonly string[];
}

/** Numbers of events that were sent. */
const sent = new Map<KeptKiosk, number>();

async function send(kiosk: KeptKiosk, receivedAt: number): Promise<void> {
  const chain = kiosk.chains[0]!;
  const from = (sent.get(kiosk) ?? 0) + 1;
  if (from > chain.bytes.length) return;
  const done = await kept.hub.storage.inbox.recordBatch({
    ...{
      device: kiosk.device.device,
      fence: kiosk.fence,
      frame: kiosk.device.batch(chain, from),
      receivedAt,
    },
  });
  expect(done.kind).toBe('recorded');
  sent.set(kiosk, chain.bytes.length);
}

async function serve(name: string, said: readonly Said[], openedAt = OPENED): Promise<Counter> {
  const kiosk = await kept.enrol();
  const { device, place, chains } = kiosk;
  const chain = chains[0]!;
  const bodies = service(place, { level: null }).slice(0, 4);
  const rating = (bodies[2] as { rating: string }).rating;
  const { transaction } = service.last;
  device.at = START;
  const duty = { duty: place.duty, intent: null, officer: place.officer, officerCode: 'CB01' };
  device.append(chain, {
    type: 'duty.started',
    ...duty,
    unit: place.unit,
    counter: place.counter,
  } as EventBody);
  for (const body of bodies) {
    // append moves the clock by a second.
    device.at = (body.type === 'transaction.opened' ? START + 30_000 : openedAt) - 1_000;
    device.append(chain, body);
  }
  await send(kiosk, OPENED + 25);
  const own = [place.counter, place.officer, place.duty, place.unit, transaction, rating, device.device];
  return { name, kiosk, ids: { rating, transaction }, said, own };
}

/** Everything a station's answers are made of, with this counter's own ids taken out. */
async function shown({ own, kiosk, ids }: Counter, now: number): Promise<string> {
  const { views } = kept.hub.storage;
  const { device: _, ...counter } = await views.counter({ counterId: kiosk.place.counter, now });
  let text = JSON.stringify({ counter, transaction: await views.transaction({ id: ids.transaction, now }) });
  for (const [i, id] of own.entries()) text = text.replaceAll(id, `<${i}>`);
  return text.replaceAll(/"number":"\d+","name":"Quầy \d+"/g, '"number":"n"');
}

test('at every moment all stations read the same bytes, whatever their citizens did', async () => {
  const counters: Counter[] = [];
  for (const [name, said] of Object.entries(CITIZENS)) counters.push(await serve(name, said));
  const moments = [0, 100, 600, 1_500, 5_500, 15_000, 30_000, 30_500, 32_999, 33_000, 45_000, 600_000];
  for (const after of moments) {
    for (const [i, { kiosk, ids, said }] of counters.entries()) {
      const { device } = kiosk;
      const already = kiosk.chains[0]!.bytes.length - 6;
      for (const [at, body] of said.slice(already).filter(([at]) => at <= after)) {
        device.at = OPENED + at - 1_000;
        device.append(kiosk.chains[0]!, body(ids) as EventBody);
      }
      // Uploads come when they come.
      await send(kiosk, OPENED + after + 7 * i);
    }
    await kept.hub.storage.inbox.project();
    const texts = await Promise.all(counters.map((each) => shown(each, OPENED + after)));
    const differ = counters.filter((_, i) => texts[i] !== texts[0]).map(({ name }) => name);
    expect([after, differ]).toEqual([after, []]);
    const { counter, transaction } = JSON.parse(texts[0]!);
    const closedAt = after < CLOSE_MS + SETTLE_MS ? null : OPENED + CLOSE_MS;
    expect(transaction).toMatchObject({ state: closedAt === null ? 'rating' : 'closed' });
    expect(transaction.prompt).toEqual({ openedAt: OPENED, closedAt });
    expect(counter.lastClosed?.at ?? null).toBe(closedAt);
    expect(counter.until).toBe(closedAt === null ? OPENED + CLOSE_MS + SETTLE_MS : null);
    expect(counter.today).toEqual({ served: 1, prompted: 1 });
  }
  // What was really said is there for who may know it.
  const { views } = kept.hub.storage;
  const early = counters.find(({ name }) => name === 'takes it to the phone at once')!;
  expect((await views.lanes(early.ids.transaction))?.prompt?.to).toBe(OPENED + 300);
}, 60_000);

test('a kiosk whose clock runs a year ahead holds its station no longer', async () => {
  const ahead = await serve('ahead', [], OPENED + 365 * 86_400_000);
  await kept.hub.storage.inbox.project();
  const received = OPENED + 25;
  const at = async (now: number) => JSON.parse(await shown(ahead, now)).transaction.state;
  expect(await at(received + CLOSE_MS + SETTLE_MS - 1)).toBe('rating');
  expect(await at(received + CLOSE_MS + SETTLE_MS)).toBe('closed');
});

test('an anchor’s own error moves nothing', () => {
  const opened = (receivedAt: number) => ({ openedAt: 50_000, receivedAt, closeAfterMs: CLOSE_MS });
  for (const receivedAt of [40_000, 49_980, 50_020, 9_000_000])
    expect(shownPrompt(opened(receivedAt), 0).until).toBe(50_000 + CLOSE_MS + SETTLE_MS);
});

test('a fact of an absurd length closes within ten minutes', () => {
  const opened = { openedAt: 5_000, receivedAt: 5_100, closeAfterMs: 9_000_000_000 };
  expect(shownPrompt(opened, 0).until).toBe(5_000 + 600_000 + SETTLE_MS);
});

test('whether all was sent is no count: neither what is young nor a fresh line changes the answer', () => {
  const now = 10 * SENDING_MS;
  const status = (unsynced: number, oldestUnsyncedMs: number) => ({ unsynced, oldestUnsyncedMs });
  for (const touches of [0, 1, 7, 400]) {
    expect(isAllSent(status(touches, touches === 0 ? 0 : SENDING_MS - 1), 0, now)).toBe(true);
    expect(isAllSent(status(touches, 0), now - SENDING_MS + 1, now)).toBe(false);
  }
  expect(isAllSent(status(3, SENDING_MS), 0, now)).toBe(false);
  expect(isAllSent(null, 0, now)).toBe(false);
  expect(isAllSent(status(0, 0), null, now)).toBe(false);
});
