/*
 * What an administrator says to a running kiosk, with hub and agent as they ship: a notice and the hours of its screen arrive and
 * are confirmed by revision; the hub goes away and the notice stays; a reload waits for the citizen's question to end.
 */
import type { FleetAnswer } from '@hailong/shared/protocol/fleet.ts';
import type { Screen, WindowToAgent } from '@hailong/shared/protocol/ui.ts';
import { vietnamDay } from '@hailong/shared/time.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Office, openOffice, StationClient } from '../support/office.ts';
import { hubBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { runProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

/** While it stands, what waits must be seen through the hub, also on a busy machine; nobody waits for its end. */
const CLOSE_MS = 60_000;

let folder: TempFolder;
let office: Office;
let admin: StationClient;
let close = (): void => undefined;
/** What the window was told, in order: names of screens, and `reload`. */
const told: string[] = [];
let shown: Screen | null = null;
let say: (message: WindowToAgent) => void;

beforeAll(async () => {
  folder = await tempFolder('push');
  office = await openOffice(folder.path, { closeAfterMs: CLOSE_MS });
  admin = new StationClient(office.url);
  const user = office.setup.users.find(({ roles }) => roles.includes('admin'))!;
  const { username, password } = user;
  expect((await admin.call('POST', '/api/v1/session', { username, password })).status).toBe(200);
  const ui = new URL(String((await office.kioskLine('ready'))['ui']));
  const socket = new WebSocket(`ws://${ui.host}/ui/v1`, { origin: ui.origin });
  say = (message) => socket.send(JSON.stringify(message));
  socket.on('open', () => say({ type: 'hello', token: ui.hash.slice('#token='.length) }));
  socket.on('message', (text) => {
    const message = JSON.parse(String(text));
    if (message.type === 'screen') shown = message.screen;
    told.push(message.type === 'screen' ? message.screen.name : message.type);
  });
  close = () => socket.terminate();
});
afterAll(async () => {
  close();
  await office?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

const rest = (fits: (screen: Extract<Screen, { name: 'rest' }>) => boolean) =>
  poll(() => (shown?.name === 'rest' && fits(shown) ? shown : null), { what: 'the screen at rest' });
const kiosk = async () =>
  (await admin.call<FleetAnswer>('GET', '/api/v1/admin/fleet')).body.rows.find(
    ({ counterId }) => counterId === office.counter.id,
  )!;
const confirmed = () => poll(async () => ((await kiosk()).confirmed ? true : null), { what: 'confirmed' });
const command = async (...words: string[]) => {
  const { lines } = await runProgram(hubBin, [...words, '--data', office.hubData, '--json']);
  return lines;
};

test('a notice and hours arrive, are confirmed by revision, and the notice stays while the hub is away', async () => {
  await rest(() => true);
  // Whatever day it is by the time the kiosk shows it.
  const [from, to] = [-1, 1].map((days) => vietnamDay(Date.now() + days * 86_400_000));
  const draft = { id: null, vi: 'Quầy 7 chuyển lên tầng 2.', en: null, from, to, units: null };
  const over = { ...draft, vi: 'Đã qua.', from: '2020-01-01', to: '2020-01-02' };
  const saved = await admin.call('PUT', '/api/v1/admin/notices', { base: [], notices: [over, draft] });
  expect(saved.status).toBe(200);
  const { notices } = await rest((screen) => screen.notices !== undefined);
  expect(notices).toEqual([{ vi: draft.vi, en: null }]);
  await confirmed();
  const set = ['screen-hours', 'set', '--opens', '07:30', '--closes', '17:00', '--days', '1-5'];
  expect(await command(...set)).toMatchObject([{ office: { opensMin: 450, closesMin: 1_020, days: 31 } }]);
  await confirmed();
  // Somebody was here a moment ago: whatever the hour, the screen is still lit.
  expect((await rest(() => true)).dark).toBeUndefined();
  await office.hub.stop();
  await rest((screen) => !screen.online && screen.notices?.length === 1);
  await office.restartHub();
  await rest((screen) => screen.online);
});

test('a reload is done at rest at once, and waits for a citizen’s question', async () => {
  const before = told.length;
  const sent = await command('reload', '--counter', office.counter.id);
  expect(sent).toMatchObject([
    { event: 'reload', result: 'sent' },
    { event: 'reloaded', sent: 1, away: 0 },
  ]);
  await poll(() => told.slice(before).includes('reload'), { what: 'the reload at rest' });
  const { transactionId, intentId } = await office.api.open(office.counter.id, ['H21-0001']);
  await office.api.intent(intentId, 'accepted');
  await office.api.finish(transactionId);
  await poll(() => (shown?.name === 'question' ? shown : null), { what: 'the question' });
  const asked = told.length;
  const { body } = await admin.call<{ sent: number }>('POST', '/api/v1/admin/fleet/reload', { kind: 'all' });
  expect(body.sent).toBeGreaterThan(0);
  await poll(async () => (await kiosk()).status?.health?.reload?.isWaiting, {
    what: 'it says that one waits',
  });
  await office.passPrompt();
  await rest(() => true);
  await poll(() => told.slice(asked).includes('reload'), { what: 'the reload after the question' });
  const since = told.slice(asked);
  expect(since.indexOf('reload')).toBeGreaterThan(since.lastIndexOf('question'));
  expect(since[since.indexOf('reload') - 1]).toBe('rest');
});
