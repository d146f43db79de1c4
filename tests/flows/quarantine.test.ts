/*
 * Purpose: bad input over a real socket among 100 good events: the 100 are stored, the rest lies in quarantine with a
 * reason that an operator can read and act on through the running hub, the line moves on and nothing answers 5xx.
 */
import { randomUUID } from 'node:crypto';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { expect, test } from 'vitest';
import { askRunningHub } from '../../hub-server/src/adapters/operator-socket.ts';
import { EdgeClient, enrolOverHttp } from '../support/edge-client.ts';
import { setupDemoOffice } from '../support/office.ts';
import { hubBin } from '../support/paths.ts';
import { runProgram, startProgram } from '../support/program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { newPlace, TestDevice } from '../support/test-device.ts';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const event = (body: unknown): Buffer => json({ v: 1, seq: 1, at: 1, mono: 1, body });
const vote = { type: 'rating.voted', vote: randomUUID(), rating: randomUUID(), transaction: randomUUID() };

/** What came of it: the code that the operator reads. */
const BAD: readonly (readonly [what: string, bytes: Buffer, code: string])[] = [
  [
    'wrong types',
    event({ ...vote, question: 7, attempt: 'one', askTicket: {}, level: [5] }),
    'event.invalid',
  ],
  [
    'an unknown level',
    event({ ...vote, question: 'overall', attempt: 1, askTicket: 1, level: 6 }),
    'event.invalid',
  ],
  ['an unknown fact', event({ type: 'rating.deleted', rating: vote.rating }), 'event.invalid'],
  ['a text of 900 KB', json({ v: 1, seq: 1, at: 1, mono: 1, body: 'x'.repeat(900_000) }), 'event.unreadable'],
  ['200,000 levels of JSON', Buffer.from('['.repeat(200_000) + ']'.repeat(200_000)), 'event.unreadable'],
  ['8,000 levels of JSON', Buffer.from('['.repeat(8_000) + ']'.repeat(8_000)), 'event.invalid'],
  ['bad UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 'event.unreadable'],
  ['a future version', json({ v: 2, seq: 1, body: {} }), 'event.future_version'],
  ['no JSON', Buffer.from('\u0000\u0001'), 'event.unreadable'],
];

test('the good events among bad ones are stored, and each bad one says why', async () => {
  await using folder = await tempFolder('quarantine');
  const data = folder.path;
  const env = { HAILONG_CAMERAS: 'off' };
  const seeds = await setupDemoOffice(data);
  await using hub = startProgram(hubBin, ['serve', '--data', data, '--port', '0', '--json'], { env });
  const url = String((await hub.line('listening'))['url']);
  const [device, place] = [new TestDevice(), { ...newPlace(), counter: seeds.counters[0]!.id }];
  const elsewhere = seeds.counters[1]!;
  const enrol = async (number: string) => {
    const answer = await askRunningHub(data, { verb: 'enrol-code', kind: 'kiosk', counter: number });
    const [line] = (answer?.ok ? answer.value : []) as { code: string }[];
    expect((await enrolOverHttp(url, device, String(line?.code))).status).toBe(200);
  };
  await enrol(seeds.counters[0]!.number);

  const chain = device.start(place);
  let good = 1;
  for (let i = 0; good < 100; i++) {
    device.serve(chain, place);
    good += 6;
    const bad = BAD[i];
    if (bad) device.appendBytes(chain, bad[1]);
  }
  // What it may not say, and a counter it never served.
  device.append(chain, {
    ...{ type: 'chain.decided', device: device.device, epoch: chain.epoch, counted: true, reason: 'r' },
    by: ['a', 'b'],
  } as EventBody);
  const [foreign] = device.bodiesOf({ ...place, counter: elsewhere.id });
  const last = device.append(chain, foreign!);

  const line = await EdgeClient.greet(url, device, [chain]);
  // No frame holds more than 1 MiB.
  for (let first = 1; first <= last; ) {
    let upTo = first;
    for (let bytes = 0; upTo <= last && bytes < 900_000; upTo++) bytes += chain.bytes[upTo - 1]!.byteLength;
    upTo = Math.max(first, upTo - 2 > first ? upTo - 2 : first);
    line.sendBytes(device.batch(chain, first, upTo));
    const answer = await line.first('verdicts', (each) => each.head.seq >= upTo);
    expect(answer).toMatchObject({ later: false, head: { seq: upTo } });
    first = upTo + 1;
  }

  const ask = async (...words: string[]) =>
    (await runProgram(hubBin, ['quarantine', ...words, '--data', data, '--json'])).lines;
  const listed = (await ask('list')).toReversed();
  expect(listed.map((each) => each['code'])).toEqual([
    ...BAD.map(([, , code]) => code),
    ...['event.wrong_writer', 'event.foreign_counter'],
  ]);
  for (const each of listed) {
    expect(String((each['reason'] as { vi: string }).vi).length).toBeGreaterThan(10);
    expect(String((each['remedy'] as { en: string }).en).length).toBeGreaterThan(5);
    expect(each['detail']).not.toBeNull();
  }
  const [shown] = await ask('show', String(listed[0]!['id']));
  expect(shown).toMatchObject({ code: 'event.invalid', seq: 8, counterId: place.counter });
  expect((shown!['around'] as { type: string }[]).map((each) => each.type)).toContain('rating.closed');
  expect(String(shown!['content'])).toContain('"attempt":"one"');

  expect(await ask('retry')).toMatchObject([{ judged: 11, released: 0 }]);
  await enrol(elsewhere.number);
  expect((await ask('list')).map((each) => each['code'])).not.toContain('event.foreign_counter');

  const exported = await runProgram(hubBin, ['export-ratings', '--data', data]);
  expect(exported.lines).toHaveLength((good - 1) / 6);
  expect(exported.lines[0]).toMatchObject({
    device: device.device,
    overall: 5,
    provisional: true,
    counts: true,
  });

  // A stranger's batch and a revoked kiosk end their line with a code; the hub goes on.
  const forger = new TestDevice();
  const alien = await EdgeClient.greet(url, device, [chain]);
  alien.sendBytes(forger.batch(forger.start(place)));
  await alien.over();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(hub.stderr()).not.toMatch(/RangeError|SQLITE|TypeError/);
});
