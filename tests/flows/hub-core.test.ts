/*
 * Purpose: the hub as a real process on real files: kiosks enrol, speak, are cut off; the hub is killed and comes back;
 * nothing acknowledged is missing, nothing stands twice. See hub-server/DESIGN.md.
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { askRunningHub } from '../../hub-server/src/adapters/operator-socket.ts';
import { EdgeClient, enrolOverHttp, stated } from '../support/edge-client.ts';
import { hubBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Program, runProgram, startProgram } from '../support/program.ts';
import { removeAll } from '../support/temp-folder.ts';
import { type Chain, newPlace, type Place, TestDevice, toHex } from '../support/test-device.ts';

interface Seeds {
  readonly apiKey: string;
  readonly counters: readonly { readonly id: string; readonly number: string }[];
  readonly officers: readonly { readonly id: string; readonly code: string }[];
}

let template: string;
let dir: string;
let seeds: Seeds;
let place: Place;
let device: TestDevice;
const env = { HAILONG_CAMERAS: 'off' };
const running: Program[] = [];

async function serve(): Promise<{ program: Program; url: string }> {
  const program = startProgram(hubBin, ['serve', '--data', dir, '--port', '0', '--json'], { env });
  running.push(program);
  return { program, url: String((await program.line('listening'))['url']) };
}

async function enrol(url: string, target: TestDevice): Promise<void> {
  const answer = await askRunningHub(dir, { verb: 'enrol-code', kind: 'kiosk', counter: '5A' });
  const [line] = (answer?.ok ? answer.value : []) as { code: string }[];
  expect((await enrolOverHttp(url, target, String(line?.code))).status).toBe(200);
}

async function sent(client: EdgeClient, chain: Chain, first?: number, last?: number) {
  const before = client.messages.length;
  const frame = device.batch(chain, first, last);
  client.sendBytes(frame);
  return client.first('verdicts', (message) => client.messages.indexOf(message) >= before);
}

beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'hailong-hub-flow-'));
  const setup = await runProgram(hubBin, ['setup', '--data', template, '--demo', '--json']);
  seeds = setup.lines.at(-1) as unknown as Seeds;
});
afterAll(() => removeAll(template));
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hailong-hub-flow-'));
  await cp(template, dir, { recursive: true });
  device = new TestDevice();
  place = { ...newPlace(), counter: seeds.counters[0]!.id, officer: seeds.officers[0]!.id };
});
afterEach(async () => {
  for (const program of running.splice(0)) await program.stop();
  await removeAll(dir);
});

test('a kiosk enrols, is told its screen, and its rating can be asked by dossier', async () => {
  const { url } = await serve();
  expect((await enrolOverHttp(url, device, 'AAAA-AAAA-AAAA-AAAA')).status).toBe(403);
  await enrol(url, device);
  const chain = device.start(place);
  const transaction = device.serve(chain, place, { level: 4, dossier: 'H21.27-TEST-1' });
  const line = await EdgeClient.greet(url, device, [chain]);
  const config = await line.first('counter.config');
  expect(config.counter.number).toBe('5A');
  expect(config.instrument.levels).toHaveLength(5);
  expect(config.procedures.length).toBeGreaterThanOrEqual(8);
  const verdict = await sent(line, chain);
  expect(verdict).toMatchObject({ exceptions: [], later: false, head: { seq: chain.bytes.length } });
  // Projecting follows the acknowledgement.
  const answer = await poll(
    async () => {
      const asked = await fetch(`${url}/api/v1/transactions/${transaction}`, {
        headers: { authorization: `Bearer ${seeds.apiKey}` },
      });
      const read = (await asked.json()) as { state?: string };
      return (read.state === 'rating' || read.state === 'closed') && read;
    },
    { what: 'the transaction' },
  );
  expect(answer).toMatchObject({
    transactionId: transaction,
    prompt: { openedAt: expect.any(Number) },
    dossierCodes: ['H21.27-TEST-1'],
  });
  line.close();
});

test('a hub that was set back waits for a kiosk whose hello has no room for all of its epochs', async () => {
  const { url } = await serve();
  await enrol(url, device);
  const older = device.start(place);
  device.serve(older, place, { level: 2 });
  const chain = device.start(place, older);
  const shown = async () => {
    const answer = await askRunningHub(dir, { verb: 'recovering-show' });
    return answer?.ok ? (answer.value as { recovering: boolean; awaited: unknown[] }[])[0] : null;
  };
  // It was acknowledged, and this data holds nothing of it.
  const line = await EdgeClient.greet(url, device, [chain], null, { more: true, acknowledged: 1 });
  await sent(line, chain);
  expect(await shown()).toMatchObject({ recovering: true, awaited: [{ state: 'sending' }] });
  line.send({ type: 'epochs', epochs: [stated(older)], more: true });
  const have = await line.first('have');
  expect(have).toMatchObject({ have: [{ epoch: older.epoch, seq: 0 }], safe: [] });
  await sent(line, older);
  expect(await shown()).toMatchObject({ recovering: true });
  line.send({ type: 'epochs', epochs: [], more: false });
  await line.first('have', (message) => message.have.length === 0);
  expect(await shown()).toMatchObject({ recovering: false, awaited: [] });
  line.close();
});

test('an intent goes from the API to the kiosk and becomes true by its fact', async () => {
  const { url } = await serve();
  await enrol(url, device);
  const chain = device.start(place);
  const line = await EdgeClient.greet(url, device, [chain]);
  const headers = { authorization: `Bearer ${seeds.apiKey}`, 'content-type': 'application/json' };
  const body = { intentId: randomUUID(), counterId: place.counter, dossierCodes: ['A-1-B'], stage: 'return' };
  const post = () =>
    fetch(`${url}/api/v1/transactions`, { method: 'POST', headers, body: JSON.stringify(body) });
  const [first, again] = [await post(), await post()];
  expect([first.status, again.status]).toEqual([202, 202]);
  const minted = (await first.json()) as { transactionId: string; intentId: string };
  expect(await again.json()).toEqual(minted);
  const asked = await line.first('intent');
  expect(asked).toMatchObject({ intent: { kind: 'transaction.open', transaction: minted.transactionId } });
  expect(asked.expiresInMs).toBeGreaterThan(0);
  const state = async () =>
    (
      (await (await fetch(`${url}/api/v1/intents/${minted.intentId}`, { headers })).json()) as {
        state: string;
      }
    ).state;
  expect(await state()).toBe('pending');
  device.serve(chain, place, { transaction: minted.transactionId, intent: minted.intentId });
  await sent(line, chain);
  expect(await state()).toBe('accepted');
  line.close();
});

test('the newest hello owns the line; an older connection is ended and stores nothing', async () => {
  const { url } = await serve();
  await enrol(url, device);
  const chain = device.start(place);
  const old = await EdgeClient.greet(url, device, [chain]);
  const now = await EdgeClient.greet(url, device, [chain]);
  expect(await old.first('error')).toMatchObject({ code: 'device.line_taken' });
  await old.over();
  expect((await sent(now, chain)).head.seq).toBe(1);
  now.close();
});

test('bad input in the middle of good events: the good are stored, the rest is kept with a reason, no crash', async () => {
  const { url, program } = await serve();
  await enrol(url, device);
  const chain = device.start(place);
  for (let i = 0; i < 16; i++) {
    device.serve(chain, place);
    if (i % 4 === 0)
      device.appendBytes(chain, Buffer.from('{"v":1,"seq":1,"body":{"type":"rating.voted","level":77}}'));
    if (i % 5 === 0) device.appendBytes(chain, Buffer.from('['.repeat(200_000)));
  }
  const line = await EdgeClient.greet(url, device, [chain]);
  const verdict = await sent(line, chain);
  const good = 1 + 16 * 6;
  expect(verdict.head.seq).toBe(chain.bytes.length);
  expect(verdict.exceptions).toHaveLength(chain.bytes.length - good);

  const strangers: (string | Uint8Array)[] = [
    `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
    '{"type":"hello","protocol":1}',
    'nonsense',
    new Uint8Array(100),
    device.batch(chain),
    JSON.stringify({
      type: 'hello',
      protocol: 99,
      device: device.device,
      sig: 'x',
      epochs: [],
      checkpoint: null,
    }),
    JSON.stringify({
      type: 'hello',
      protocol: 1,
      device: device.device,
      sig: 'x',
      epochs: [],
      checkpoint: null,
    }),
  ];
  for (const each of strangers) {
    const stranger = await EdgeClient.open(url);
    stranger.socket.send(each);
    await stranger.over();
    expect(stranger.messages.some((message) => message.type === 'error')).toBe(true);
  }
  const forger = new TestDevice();
  const alien = await EdgeClient.greet(url, device, [chain]);
  alien.sendBytes(forger.batch(forger.start(place)));
  await alien.over();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(program.stderr()).not.toContain('RangeError');
});

test('kill -9 while events stream in: everything acknowledged is there after the restart, nothing twice', async () => {
  let hub = await serve();
  await enrol(hub.url, device);
  const chain = device.start(place);
  let held = 0;
  for (let kill = 0; kill < 4; kill++) {
    // New events each round: a hub killed late may already hold all of the last ones.
    for (let i = 0; i < 50; i++) device.serve(chain, place, { level: ((i % 5) + 1) as 1 });
    const line = await EdgeClient.greet(hub.url, device, [chain]);
    const have = (await line.first('welcome')).have[0]!;
    expect(have.seq).toBeGreaterThanOrEqual(held);
    if (have.seq > 0) expect(have.hash).toBe(toHex(chain.hashes[have.seq - 1]!));
    for (let first = have.seq + 1; first <= chain.bytes.length; first += 15)
      line.sendBytes(device.batch(chain, first, Math.min(first + 14, chain.bytes.length)));
    const want = Math.min(have.seq + 200, chain.bytes.length);
    await line.first('verdicts', (message) => message.head.seq >= want);
    await hub.program.killHard();
    await line.over();
    held = Math.max(...line.messages.flatMap((each) => (each.type === 'verdicts' ? [each.head.seq] : [0])));
    hub = await serve();
  }
  const line = await EdgeClient.greet(hub.url, device, [chain]);
  const have = (await line.first('welcome')).have[0]!;
  expect(have.seq).toBeGreaterThanOrEqual(held);
  if (have.seq < chain.bytes.length) {
    for (let first = have.seq + 1; first <= chain.bytes.length; first += 400)
      line.sendBytes(device.batch(chain, first, Math.min(first + 399, chain.bytes.length)));
    await line.first('verdicts', (message) => message.head.seq === chain.bytes.length);
  }
  line.close();
  await hub.program.stop();
  const db = new Database(join(dir, 'hub.sqlite'), { readonly: true });
  const rows = db
    .prepare(
      `SELECT seq, hash, bytes FROM event WHERE epoch_id IN (SELECT id FROM device_epoch WHERE device = ?)
       ORDER BY seq`,
    )
    .all(device.device) as {
    seq: number;
    hash: Buffer;
  }[];
  expect(rows.map((row) => row.seq)).toEqual(chain.bytes.map((_, i) => i + 1));
  expect(rows.every((row, i) => row.hash.equals(chain.hashes[i]!))).toBe(true);
  expect(db.prepare('SELECT count(*) FROM effective_rating').pluck().get()).toBe(200);
  expect(
    db.prepare('SELECT sum(served), sum(prompted), sum(rated), sum(l1), sum(l5) FROM rollup').raw().get(),
  ).toEqual([...[200, 200, 200, 40, 40]]);
  db.close();
});

test('refusals of the command line have their exit codes and a remedy in two languages', async () => {
  const { url } = await serve();
  const serveWith = (...args: string[]) => runProgram(hubBin, ['serve', '--json', ...args], { env });
  const second = await serveWith('--data', dir, '--port', '0');
  expect(second.code).toBe(3);
  expect(second.lines).toContainEqual({ event: 'error', code: 'program.data_locked' });
  expect(second.stderr).toMatch(/Thư mục dữ liệu[\s\S]*The data folder/);
  expect((await runProgram(hubBin, ['setup', '--data', dir, '--demo', '--json'])).code).toBe(3);
  const code = await runProgram(hubBin, ['enrol-code', '--data', dir, '--station', '5B', '--json']);
  expect(code.lines[0]).toMatchObject({ code: expect.stringMatching(/^[0-9A-Z-]{19}$/), kind: 'station' });

  const other = await mkdtemp(join(tmpdir(), 'hailong-hub-flow-'));
  const taken = await serveWith('--data', other, '--port', new URL(url).port);
  expect([taken.code, taken.lines.at(-1)?.['code']]).toEqual([3, 'program.port_taken']);
  // Made at the first start, whatever became of that: no later one has it any more.
  expect(taken.lines[0]).toMatchObject({
    event: 'recovery',
    recoveryKey: expect.stringMatching(/^hailong-/),
  });
  const bare = await serveWith('--data', other, '--host', '0.0.0.0', '--port', '0');
  expect([bare.code, bare.lines.at(-1)?.['code']]).toEqual([2, 'program.insecure_bind']);
  expect((await serveWith('--data', other, '--prot', '1')).code).toBe(2);

  const db = new Database(join(other, 'hub.sqlite'));
  db.pragma('user_version = 9999');
  db.close();
  const newer = await serveWith('--data', other, '--port', '0');
  expect([newer.code, newer.lines.at(-1)?.['code']]).toEqual([1, 'program.newer_data']);
  await removeAll(other);
});

test('keys that are gone or of another hub are never made anew beside data that names them', async () => {
  const lost = async () => {
    const run = await runProgram(hubBin, ['serve', '--data', dir, '--port', '0', '--json'], { env });
    expect(run.stderr).toMatch(/Chép lại thư mục keys[\s\S]*Put back the keys folder/);
    return [run.code, run.lines.at(-1)?.['code']];
  };
  const keys = join(dir, 'keys');
  const kept = join(dir, 'kept');
  await cp(keys, kept, { recursive: true });
  const putBack = async () => {
    await removeAll(keys);
    await cp(kept, keys, { recursive: true });
  };
  await removeAll(keys);
  expect(await lost()).toEqual([1, 'program.keys_lost']);
  expect(existsSync(keys)).toBe(false);
  await putBack();
  await writeFile(join(keys, 'seal.key'), 'short');
  expect(await lost()).toEqual([1, 'program.keys_lost']);
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
  await putBack();
  await writeFile(join(keys, 'hub.key'), pem);
  expect(await lost()).toEqual([1, 'program.keys_lost']);
  await putBack();
  await (await serve()).program.stop();
});

test('a first start without demo prints a setup token and the recovery key once', async () => {
  const fresh = await mkdtemp(join(tmpdir(), 'hailong-hub-flow-'));
  const start = () => startProgram(hubBin, ['serve', '--data', fresh, '--port', '0', '--json'], { env });
  const first = start();
  const setup = await first.line('setup');
  expect(String(setup['token'])).toMatch(/^\S{8,}$/);
  expect(first.lines.some((line) => line.event === 'recovery')).toBe(true);
  expect(await first.stop()).toBe(0);
  const second = start();
  await second.line('setup');
  expect(second.lines.some((line) => line.event === 'recovery')).toBe(false);
  await second.stop();
  await removeAll(fresh);
});
