/*
 * The agent as a real process under a hub's word (suspended, revoked, handed over), after an old database was put back,
 * and as a witness beside its own running program.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '@hailong/shared/edge/event.ts';
import type { HandoverId, IntentId, TransactionId } from '@hailong/shared/ids.ts';
import type { Intent } from '@hailong/shared/protocol/edge.ts';
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import { v7 } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { finish, open, start } from '../support/counter-kit.ts';
import { EdgeHub } from '../support/edge-hub.ts';
import type { MovedClock } from '../support/moved-clock.ts';
import { kioskClock } from '../support/office.ts';
import { kioskBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Program, startProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

/** Longer than a busy machine takes for what is done meanwhile; nobody waits for its end. */
const CLOSE_MS = 60_000;

let folder: TempFolder;
let hub: EdgeHub;
let agent: Program;
/** The agent's boot clock: a prompt's fixed time passes at once. */
let clock: MovedClock;

const data = () => join(folder.path, 'data');
const run = () => {
  const args = ['run', '--data', data(), '--hub', hub.url, '--enrol', 'MA-GHI-DANH-1', '--ballast-mb', '1'];
  clock.ended();
  const env = { NODE_OPTIONS: clock.args.join(' '), ...clock.env() };
  return startProgram(kioskBin, [...args, '--json'], { env });
};
beforeEach(async () => {
  folder = await tempFolder('kiosk-integrity');
  hub = new EdgeHub();
  hub.form = { ...hub.form, closeAfterMs: CLOSE_MS };
  await hub.start();
  clock = kioskClock(join(folder.path, 'clock'));
  agent = run();
  await agent.line('ready');
});
afterEach(async () => {
  clock.ended();
  await agent.stop();
  await hub.stop();
  await folder[Symbol.asyncDispose]();
  expect(hub.faults).toEqual([]);
});

const intent = (one: Intent, more: object = {}): IntentId => {
  const intentId = v7() as IntentId;
  hub.intent({ ...one, intentId, ...more } as Intent);
  return intentId;
};
const refusal = (id: IntentId) => agent.line((line) => line.event === 'refused' && line['id'] === id);
const alarm = (code: string) => agent.line((line) => line.event === 'alarm' && line['code'] === code);
/** On duty, a citizen served and asked. */
async function prompt(): Promise<void> {
  if (hub.of('duty.started').length === hub.of('duty.ended').length) intent(start(1), { duty: v7() });
  const transaction = v7() as TransactionId;
  intent(open(1), { transaction });
  intent(finish(1), { transaction });
  await agent.line((line) => line.event === 'opened' && line['transaction'] === transaction);
}
/** A window that shows what the agent says and taps the question on show. */
async function window() {
  const ui = new URL(String((await agent.line('ready'))['ui']));
  const socket = new WebSocket(`ws://${ui.host}/ui/v1`, { origin: ui.origin });
  let screen: Screen | undefined;
  const answers: string[] = [];
  socket.on('open', () =>
    socket.send(JSON.stringify({ type: 'hello', token: ui.hash.slice('#token='.length) })),
  );
  socket.on('message', (text) => {
    const message = JSON.parse(String(text));
    if (message.type === 'screen') screen = message.screen;
    else answers.push(message.type);
  });
  const shows = (name: Screen['name']) => poll(() => screen?.name === name, { what: `the screen ${name}` });
  const tap = () => {
    if (screen?.name !== 'question') throw new Error(`on ${screen?.name}`);
    const { rating, askTicket } = screen.question;
    socket.send(JSON.stringify({ type: 'tap', press: crypto.randomUUID(), rating, askTicket, level: 4 }));
  };
  return { shows, tap, answers, close: () => socket.terminate() };
}

it('suspended: an open prompt takes its votes, nothing new opens, also after a restart without the hub', async () => {
  await prompt();
  const shown = await window();
  await shown.shows('question');
  hub.words = { standing: 'suspended' };
  hub.tell({ type: 'standing', standing: 'suspended', handover: null });
  await alarm('device.suspended');
  shown.tap();
  await agent.line('thanked');
  await clock.move(CLOSE_MS);
  await agent.line('closed');
  await shown.shows('closed');
  expect((await refusal(intent(open(2), { transaction: v7() })))['code']).toBe('device.suspended');
  shown.close();
  await agent.stop();
  await hub.stop();
  agent = run();
  const alone = await window();
  await alone.shows('closed');
  alone.close();
  hub.words = {};
  await hub.start();
  await prompt();
});

it('revoked: thanks nobody, keeps what it has, says how much, and serves again when it is lifted', async () => {
  await prompt();
  const shown = await window();
  await shown.shows('question');
  hub.revoked = true;
  hub.cut();
  const said = await alarm('device.revoked');
  expect(said['detail']).toMatch(/^unsynced: \d+$/);
  expect(agent.stderr()).toContain('device.revoked');
  await shown.shows('closed');
  expect(agent.lines.map((line) => line.event)).not.toContain('thanked');
  shown.close();
  await agent.stop();
  agent = run();
  const again = await window();
  await again.shows('closed');
  again.close();
  hub.revoked = false;
  await poll(() => hub.of('rating.closed').some(({ reason }) => reason === 'interrupted'), {
    what: 'the close at the hub',
  });
  await prompt();
});

it('handed over: accepts when it is free and only then opens', async () => {
  const handover = v7() as HandoverId;
  await prompt();
  hub.words = { handover };
  hub.tell({ type: 'standing', standing: 'serving', handover });
  await alarm('kiosk.handed_over');
  await clock.move(CLOSE_MS);
  await agent.line('closed');
  await poll(() => hub.of('handover.accepted').length === 1, { what: 'the acceptance' });
  await prompt();
  // The screen asks before the hub has heard of it.
  await poll(() => hub.of('transaction.opened').length === 2, { what: 'the second transaction at the hub' });
  const types = hub.events().map((event) => event.body.type);
  expect(types.indexOf('handover.accepted')).toBeLessThan(types.lastIndexOf('transaction.opened'));
  expect(types.indexOf('handover.accepted')).toBeGreaterThan(types.indexOf('rating.closed'));
  expect(hub.of('handover.accepted')).toEqual([{ type: 'handover.accepted', handover }]);
});

it('an old database put back is noticed by the high-water file, at the kiosk and in its chain', async () => {
  await agent.stop();
  for (const file of ['agent.db', 'device-key.pem'])
    await copyFile(join(data(), file), join(folder.path, file));
  agent = run();
  await prompt();
  const shown = await window();
  await shown.shows('question');
  shown.tap();
  const { id } = await agent.line('acked');
  expect(id).toBeTruthy();
  shown.close();
  await agent.killHard();
  for (const file of ['agent.db-wal', 'agent.db-shm']) await rm(join(data(), file), { force: true });
  await copyFile(join(folder.path, 'agent.db'), join(data(), 'agent.db'));
  agent = run();
  await alarm('kiosk.loss_detected');
  const [, lost] = [...hub.epochs.keys()];
  await poll(() => hub.of('loss.detected').length === 1, { what: 'the loss at the hub' });
  expect(hub.of('loss.detected')).toMatchObject([{ epoch: lost, held: null }]);
  await agent.stop();
  // A file that is spoilt is reported and never stops anything.
  await writeFile(join(data(), 'high-water'), 'x'.repeat(8_192));
  agent = run();
  await alarm('kiosk.high_water_damaged');
  // What was asked before the copy is asked again, and over.
  await poll(() => hub.of('rating.opened').length === 2, { what: 'the prompt of before' });
  await clock.move(CLOSE_MS);
  await prompt();
});

it('bears witness of every event beside its own running program', async () => {
  await prompt();
  await poll(() => hub.of('question.asked').length === 1, { what: 'the question at the hub' });
  const heldBefore = [...hub.epochs.values()][0]!.hashes.length;
  const printed = startProgram(kioskBin, ['witness', '--data', data(), '--json']);
  expect(await printed.exited).toBe(0);
  const [head, ...rest] = printed.lines as readonly Record<string, never>[];
  const last = rest.pop() as unknown as { sha256: string; sig: string };
  const bytes = printed.lines.slice(0, -1).map((line) => `${JSON.stringify(line)}\n`);
  expect(createHash('sha256').update(bytes.join('')).digest('hex')).toBe(last.sha256);
  const raw = Buffer.from(String(head?.['publicKey']), 'base64url');
  expect(createHash('sha256').update(raw).digest('hex')).toBe(head?.['device']);
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const signed = Buffer.from(`hailong-witness-v1\n${last.sha256}\n`);
  expect(verify(null, signed, key, Buffer.from(last.sig, 'base64url'))).toBe(true);
  expect(rest).toHaveLength(1);
  const [[epoch, held]] = [...hub.epochs] as unknown as [[string, { hashes: Uint8Array[] }]];
  expect(rest[0]).toMatchObject({ epoch, first: 1 });
  const hashes = rest[0]?.['hashes'] as unknown as string[];
  // Either may know what came after the other was asked.
  const both = Math.min(hashes.length, held.hashes.length);
  expect(both).toBeGreaterThanOrEqual(heldBefore);
  expect(hashes.slice(0, both)).toEqual(held.hashes.slice(0, both).map(toHex));
  const elsewhere = startProgram(kioskBin, ['witness', '--data', folder.path]);
  expect(await elsewhere.exited).toBe(1);
  expect(elsewhere.stderr()).toContain('device.unknown');
});
