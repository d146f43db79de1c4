/*
 * Purpose: a kiosk as witness of a real hub: what its enrolment hands over is what stood beside the code, each further
 * checkpoint follows from the one before, and an old copy of the data is seen at the first hello.
 */
import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptCheckpoint, type Checkpoint, type Offer } from '@hailong/shared/log/advance.ts';
import { fingerprint } from '@hailong/shared/log/checkpoint.ts';
import { type EnrolAnswer, enrolAnswer, type HubToDevice } from '@hailong/shared/protocol/edge.ts';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EdgeClient, enrolOverHttp } from '../support/edge-client.ts';
import { setupDemoOffice } from '../support/office.ts';
import { hubBin, kioskBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { freePort } from '../support/ports.ts';
import { type Program, runProgram, startProgram } from '../support/program.ts';
import { removeAll } from '../support/temp-folder.ts';
import { newPlace, sha256, TestDevice, toHex } from '../support/test-device.ts';
import { verifyKey } from '../unit/log/keys.ts';

let root: string;
let dir: string;
let counter: string;
let recoveryKey: string;
const running: Program[] = [];

async function serve(port?: number): Promise<{ program: Program; url: string }> {
  const at = String(port ?? (await freePort()));
  const program = startProgram(hubBin, ['serve', '--data', dir, '--port', at, '--json'], {
    env: { HAILONG_CAMERAS: 'off' },
  });
  running.push(program);
  return { program, url: String((await program.line('listening'))['url']) };
}
async function ask(...words: string[]): Promise<Record<string, unknown>> {
  return (await runProgram(hubBin, [...words, '--data', dir, '--json'])).lines[0] as Record<string, unknown>;
}
const actions = (): string[] => {
  const db = new Database(join(dir, 'hub.sqlite'), { readonly: true });
  try {
    return db.prepare('SELECT action FROM audit_log ORDER BY seq').pluck().all() as string[];
  } finally {
    db.close();
  }
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hailong-witness-'));
  dir = join(root, 'data');
  const seeds = await setupDemoOffice(dir);
  recoveryKey = seeds.recoveryKey;
  counter = seeds.counters[0]!.id;
});
afterEach(async () => {
  for (const program of running.splice(0)) await program.stop();
  await removeAll(root);
});

const follow = (keys: EnrolAnswer, held: Checkpoint | null, offer: Offer) => {
  const said = acceptCheckpoint(held, offer, keys, verifyKey, sha256);
  if (said.kind === 'refused') throw new Error(said.reason);
  return said.checkpoint;
};
const offerOf = ({
  checkpoint,
  consistency,
  successions,
}: Extract<HubToDevice, { type: 'welcome' }>): Offer => ({
  ...{ checkpoint: checkpoint!, consistency, successions },
});

test('a kiosk follows the log from its enrolment on, and sees an old copy', async () => {
  let hub = await serve();
  const device = new TestDevice();
  const shown = await ask('enrol-code', '--counter', counter);
  const { size, fingerprint: digits } = shown['log'] as { size: number; fingerprint: string };
  // Other work in between does not change what was shown.
  await ask('enrol-code', '--station', counter);
  const answer = await enrolOverHttp(hub.url, device, String(shown['code']));
  const keys = enrolAnswer.parse(await answer.json());
  expect(keys.checkpoint).toMatchObject({ size });
  expect(fingerprint(sha256, keys.checkpoint!)).toBe(digits);
  let held = follow(keys, null, { checkpoint: keys.checkpoint! });

  const place = { ...newPlace(), counter };
  const chain = device.start(place);
  device.serve(chain, place, { level: 4 });
  const line = await EdgeClient.greet(hub.url, device, [chain], held);
  held = follow(keys, held, offerOf(await line.first('welcome')));
  line.sendBytes(device.batch(chain));
  await line.first('verdicts');

  const signed = await ask('checkpoint');
  expect(signed['fingerprint']).toBe(fingerprint(sha256, signed as unknown as Checkpoint));
  // A hub signs by itself too: what it told before is followed as well, each from the one before.
  await line.first('log.checkpoint', ({ checkpoint }) => checkpoint.size >= Number(signed['size']));
  for (const grown of line.messages) {
    if (grown.type !== 'log.checkpoint' || held.size >= Number(signed['size'])) continue;
    expect(grown.from).toBe(held.size);
    held = follow(keys, held, grown);
  }
  expect(held).toMatchObject({ size: signed['size'], text: signed['text'] });
  const db = new Database(join(dir, 'hub.sqlite'), { readonly: true });
  const body = JSON.parse(
    db
      .prepare("SELECT body FROM audit_log WHERE action = 'log.heads' ORDER BY seq DESC LIMIT 1")
      .pluck()
      .get() as string,
  );
  db.close();
  expect(body.heads).toContainEqual([
    ...[device.device, chain.epoch, chain.bytes.length, toHex(chain.hashes.at(-1)!)],
  ]);

  // Stopped, the same command gives the state that was signed at the end; a copy of it is put away.
  await hub.program.stop();
  await cp(dir, join(root, 'copy'), { recursive: true });
  hub = await serve();
  await ask('enrol-code', '--counter', counter);
  const later = await EdgeClient.greet(hub.url, device, [chain], held);
  held = follow(keys, held, offerOf(await later.first('welcome')));
  await hub.program.stop();

  await removeAll(dir);
  await cp(join(root, 'copy'), dir, { recursive: true });
  hub = await serve();
  const seen = await EdgeClient.greet(hub.url, device, [chain], held);
  const offer = offerOf(await seen.first('welcome'));
  expect(acceptCheckpoint(held, offer, keys, verifyKey, sha256)).toEqual({
    // It noticed by this very hello that it was set back, and began another log, which nobody has signed for.
    ...{ kind: 'refused', reason: 'other-origin' },
  });
  const again = await EdgeClient.greet(hub.url, device, [chain], held);
  await ask('checkpoint');
  expect(again.messages.some((each) => each.type === 'log.checkpoint')).toBe(false);
  expect(actions().filter((each) => each.startsWith('log.witness'))).toEqual(['log.witness_ahead']);
  const stored = new Database(join(dir, 'hub.sqlite'), { readonly: true });
  const row = stored.prepare('SELECT device, size FROM log_alarm').get();
  stored.close();
  expect(row).toEqual({ device: device.device, size: held.size });
});

test('a stopped hub answers the same checkpoint as long as nothing changes', async () => {
  const [first, second] = [await ask('checkpoint'), await ask('checkpoint')];
  expect(second).toEqual(first);
  expect(first['origin']).toMatch(/^hailong\/[0-9a-f]{16}\/l-/);
  const people = await runProgram(hubBin, ['checkpoint', '--data', dir]);
  // The size alone is a JSON line; the rest of the note is none.
  expect(people.strays).toEqual(
    String(first['text'])
      .split('\n')
      .filter((line) => line !== '' && line !== String(first['size'])),
  );
  expect(people.stderr).toContain(String(first['fingerprint']));
});

test('a real kiosk keeps the log in mind, and tells its own chain when the hub goes back', async () => {
  let hub = await serve();
  const port = Number(new URL(hub.url).port);
  const shown = await ask('enrol-code', '--counter', counter);
  const data = join(root, 'kiosk');
  const kiosk = startProgram(kioskBin, [
    'run',
    '--data',
    data,
    '--hub',
    hub.url,
    '--panel',
    'none',
    '--enrol',
    String(shown['code']),
    '--json',
  ]);
  running.push(kiosk);
  const { fingerprint: digits } = shown['log'] as { fingerprint: string };
  await poll(() => kiosk.stderr().includes(digits), { what: 'the digits of the code on the kiosk' });

  // Or of more: what the kiosk itself brings to the log is signed by the hub's next minute.
  const follows = async (size: unknown): Promise<void> => {
    await poll(
      async () => {
        const [head] = (await runProgram(kioskBin, ['witness', '--data', data, '--json'])).lines;
        const held = (head?.['checkpoint'] as { size: number } | null)?.size;
        if (Number(held) >= Number(size)) return true;
        throw new Error(`${held} rows`);
      },
      { what: `the kiosk to hold the log of ${size} rows`, everyMs: 300 },
    );
  };
  await follows((await ask('checkpoint'))['size']);
  await hub.program.stop();
  await cp(dir, join(root, 'copy'), { recursive: true });
  hub = await serve(port);
  await ask('enrol-code', '--counter', counter);
  await follows((await ask('checkpoint'))['size']);
  await hub.program.stop();

  await removeAll(dir);
  await cp(join(root, 'copy'), dir, { recursive: true });
  hub = await serve(port);
  const refused = await poll(
    () => {
      const db = new Database(join(dir, 'hub.sqlite'), { readonly: true });
      try {
        return db
          .prepare<[], { bytes: Buffer }>("SELECT bytes FROM event WHERE type = 'checkpoint.refused'")
          .get();
      } finally {
        db.close();
      }
    },
    { what: 'the refusal in the chain at the hub' },
  );
  expect(JSON.parse(String(refused.bytes)).body).toMatchObject({ reason: 'other-origin' });
  expect(actions()).toContain('log.witness_ahead');

  // Two people sign for the new log with the key on paper: at its next hello the kiosk bears witness of it.
  const by = ['--by', 'An', '--by', 'Bình'];
  const paper = join(root, 'recovery');
  await writeFile(paper, recoveryKey);
  const sign = (file: string, ...words: string[]) =>
    runProgram(hubBin, ['recovering', 'sign', '--data', dir, '--recovery-key', file, ...words, '--json']);
  expect((await sign(paper, '--by', 'An', '--by', 'an')).lines).toEqual([
    { event: 'error', code: 'access.two_people' },
  ]);
  const foreign = join(root, 'foreign');
  await writeFile(foreign, `hailong-recovery-1:${Buffer.alloc(32, 7).toString('base64url')}`);
  expect((await sign(foreign, ...by)).lines).toEqual([{ event: 'error', code: 'restore.wrong_key' }]);
  expect((await sign(paper, ...by)).lines).toMatchObject([{ event: 'log-signed' }]);
  expect((await sign(paper, ...by)).lines).toEqual([]);
  expect(actions()).toContain('log.origin_signed');
  await hub.program.stop();
  await serve(port);
  await follows((await ask('checkpoint'))['size']);
});
