/*
 * Officers at the kiosk's own screen by PIN, at a real hub and agent, through the window's own socket. Another system's next
 * dossier names an officer who is not on duty: that officer's PIN, or login, opens it, nobody else. And the hub is killed in the
 * middle of a morning; when it is back everything counts on the officer who served, and nobody else.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Screen, WindowToAgent } from '@hailong/shared/protocol/ui.ts';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Office, openOffice, startHub } from '../support/office.ts';
import { poll } from '../support/poll.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

/** Every prompt is answered at once, on a busy machine too; nobody waits for its end. */
const CLOSE_MS = 60_000;
let folder: TempFolder;
let office: Office;

beforeAll(async () => {
  folder = await tempFolder('pin');
  office = await openOffice(folder.path, { closeAfterMs: CLOSE_MS });
});
afterAll(async () => {
  await office?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

/** A window of the running kiosk: what it shows, and what is pressed in it. */
async function openWindow() {
  const ui = new URL(String((await office.kioskLine('ready'))['ui']));
  const socket = new WebSocket(`ws://${ui.host}/ui/v1`, { origin: ui.origin });
  let shown: Screen | null = null;
  socket.on('open', () =>
    socket.send(JSON.stringify({ type: 'hello', token: ui.hash.slice('#token='.length) })),
  );
  socket.on('message', (text) => {
    const message = JSON.parse(String(text));
    if (message.type === 'screen') shown = message.screen;
  });
  const say = (message: WindowToAgent) => socket.send(JSON.stringify(message));
  return {
    say,
    shows: <N extends Screen['name']>(
      name: N,
      fits: (screen: Extract<Screen, { name: N }>) => boolean = () => true,
    ) =>
      poll(
        () => {
          const screen = shown as Screen | null;
          return screen?.name === name && fits(screen as Extract<Screen, { name: N }>)
            ? (screen as Extract<Screen, { name: N }>)
            : null;
        },
        { what: `the screen ${name}, not ${JSON.stringify(shown).slice(0, 300)}` },
      ),
    close: () => socket.terminate(),
  };
}

/** What the hub holds of a service: who served, and the levels that count on them. */
async function heldAs(transaction: string) {
  const { body } = await office.api.call<{ officer: { id: string } }>(
    'GET',
    `/api/v1/transactions/${transaction}`,
  );
  return { officer: body.officer.id, effective: (await office.api.ratings(transaction)).effective };
}

/** Those that the kiosk began. */
function dutiesOf(officer: string) {
  const db = new Database(join(office.hubData, 'hub.sqlite'), { readonly: true });
  try {
    return db
      .prepare<[string], { id: string; since: number; endedAt: number | null }>(
        `SELECT id, started_at AS since, ended_at AS endedAt FROM duty
         WHERE officer_id = ? AND started_event IS NOT NULL`,
      )
      .all(officer);
  } finally {
    db.close();
  }
}

test('another system’s dossier for an officer who is not on duty opens for that officer alone', async () => {
  const [first, second] = office.setup.officers;
  if (!first || !second) throw new Error('two officers are needed');
  const window = await openWindow();
  await window.shows('rest', (screen) => screen.officer.name.length > 0);
  const named = (code: string, dossier: string) =>
    office.api.open(office.counter.id, [dossier], { officerCode: code });
  const pending = async (intentId: string) =>
    (await office.api.call<{ state: string }>('GET', `/api/v1/intents/${intentId}`)).body.state;
  const tap = async (level: 1 | 5): Promise<string> => {
    const { question } = await window.shows('question', (screen) => screen.question.step === 1);
    const { rating, askTicket } = question;
    window.say({ type: 'tap', press: crypto.randomUUID(), rating, askTicket, level });
    const line = await office.kioskLine('thanked', ({ level: said }) => said === level);
    return String(line['transaction']);
  };

  // The kiosk asks for the PIN of the officer it names; another's PIN, or a wrong one, opens nothing.
  const asked = await named(second.code, 'H21-2');
  const { whom } = await window.shows('pin', ({ why }) => why === 'other-officer');
  expect(whom?.code).toBe(second.code);
  expect(await pending(asked.intentId)).toBe('pending');
  window.say({ type: 'officer.login', staffCode: first.code, pin: first.pin });
  window.say({ type: 'officer.login', staffCode: second.code, pin: second.pin === '0000' ? '1111' : '0000' });
  await window.shows('pin', ({ problem }) => problem === 'kiosk.pin_wrong');
  expect(await pending(asked.intentId)).toBe('pending');

  // Whoever is on duty serves on meanwhile, and what the citizen taps is about them.
  const own = await office.api.open(office.counter.id, ['H21-1']);
  await office.api.intent(own.intentId, 'accepted');
  await window.shows('serving', ({ dossierCodes }) => dossierCodes[0] === 'H21-1');
  await office.api.finish(own.transactionId);
  expect(await tap(1)).toBe(own.transactionId);
  await office.passPrompt();
  // The page comes back when nobody is asked any more.
  await window.shows('pin', ({ why }) => why === 'other-officer');
  expect(await pending(asked.intentId)).toBe('pending');

  // The right PIN hands over and opens it: this citizen's tap is about the second officer.
  window.say({ type: 'officer.login', staffCode: second.code, pin: second.pin });
  await office.api.intent(asked.intentId, 'accepted');
  const { officer } = await window.shows('serving', ({ dossierCodes }) => dossierCodes[0] === 'H21-2');
  expect(officer.name).toBe(whom?.name);
  // Nor does a second name push in while somebody is served.
  const late = await named(first.code, 'H21-3');
  await office.api.intent(late.intentId, 'refused');
  await office.api.finish(asked.transactionId);
  expect(await tap(5)).toBe(asked.transactionId);
  await office.passPrompt();
  await window.shows('rest');

  // Declined at the kiosk: the other system is told why, and nothing was opened.
  const declined = await named(first.code, 'H21-4');
  await window.shows('pin', ({ whom: asks }) => asks?.code === first.code);
  window.say({ type: 'officer.lock' });
  await office.api.intent(declined.intentId, 'refused');
  const { body } = await office.api.call<{ reason: { code: string } }>(
    'GET',
    `/api/v1/intents/${declined.intentId}`,
  );
  expect(body.reason.code).toBe('intent.other_officer');

  // That officer's login at the station opens it as well.
  const waiting = await named(first.code, 'H21-5');
  await window.shows('pin', ({ whom: asks }) => asks?.code === first.code);
  await office.station.login(first.code, first.pin);
  await office.api.intent(waiting.intentId, 'accepted');
  await window.shows('serving', ({ dossierCodes }) => dossierCodes[0] === 'H21-5');
  await office.api.finish(waiting.transactionId, 'no_show');
  await window.shows('rest');

  await poll(async () => (await heldAs(asked.transactionId)).effective !== null, { what: 'the ratings' });
  expect(await heldAs(own.transactionId)).toMatchObject({ officer: first.id, effective: { overall: 1 } });
  expect(await heldAs(asked.transactionId)).toMatchObject({ officer: second.id, effective: { overall: 5 } });
  expect(await heldAs(waiting.transactionId)).toMatchObject({ officer: first.id, effective: null });
  for (const { transactionId } of [late, declined])
    expect((await office.api.call('GET', `/api/v1/transactions/${transactionId}`)).status).toBe(404);
  window.close();
});

test('an officer serves by PIN while the hub is away, over a restart, and everything counts on the right one', async () => {
  const [first, second] = office.setup.officers;
  if (!first || !second) throw new Error('two officers are needed');
  const port = Number(new URL(office.url).port);
  const before = dutiesOf(second.id);
  // A sealed verifier has come with the roster, and nothing that could be tried elsewhere.
  const kept = await poll(() => readFile(join(folder.path, 'kiosk', 'roster'), 'utf8').catch(() => null), {
    what: 'the roster',
  });
  expect(kept).toContain(first.code);
  expect(kept).toMatch(/"verifier":"[\w-]{100,}"/);
  await poll(async () => (await readdir(join(folder.path, 'kiosk', 'blobs'))).length >= 2, {
    what: 'the photos of the roster',
  });
  let window = await openWindow();
  await window.shows('rest');
  await office.hub.killHard();
  await window.shows('rest', (screen) => screen.pinOffered === true);

  // A wrong PIN first; then the second officer takes over from the first.
  window.say({ type: 'officer.ask' });
  await window.shows('pin', (screen) => screen.why === 'login');
  const wrong = second.pin === '000000' ? '111111' : '000000';
  window.say({ type: 'officer.login', staffCode: second.code, pin: wrong });
  await window.shows('pin', (screen) => screen.problem === 'kiosk.pin_wrong');
  window.say({ type: 'officer.login', staffCode: second.code, pin: second.pin });
  const desk = await window.shows('rest', (screen) => Boolean(screen.officerKeys));
  expect(desk.officer.photo).not.toBeNull();

  // One is refused for papers and taps; one does not come.
  window.say({ type: 'officer.act', act: { act: 'next', code: 'H21.27-261125-0001' } });
  await window.shows('serving', (screen) => screen.dossierCodes[0] === 'H21.27-261125-0001');
  window.say({ type: 'officer.act', act: { act: 'finish', outcome: 'supplement' } });
  const { question } = await window.shows('question');
  window.say({
    type: 'tap',
    press: crypto.randomUUID(),
    rating: question.rating,
    askTicket: question.askTicket,
    level: 2,
  });
  const thanked = await office.kioskLine('thanked', ({ level }) => level === 2);
  await office.passPrompt();
  await office.kiosk.line((line) => line.event === 'closed' && line['id'] === question.rating);
  await window.shows('rest', (screen) => Boolean(screen.officerKeys));
  window.say({ type: 'officer.act', act: { act: 'next', code: 'A017' } });
  await window.shows('serving');
  window.say({ type: 'officer.act', act: { act: 'finish', outcome: 'no_show' } });
  await window.shows('serving', (screen) => screen.officerKeys?.problem === 'intent.reason_needed');
  window.say({ type: 'officer.act', act: { act: 'finish', outcome: 'no_show', reason: 'goi_ba_lan' } });
  await window.shows('rest');
  window.close();

  // A restart locks the keys; the duty goes on.
  await office.restartKiosk();
  window = await openWindow();
  const locked = await window.shows('rest', (screen) => screen.pinOffered === true);
  expect(locked.officerKeys ?? null).toBeNull();
  expect(locked.officer.name).toBe(desk.officer.name);

  office.hub = (await startHub(office.hubData, port)).program;
  await window.shows('rest', (screen) => screen.online && screen.pinOffered !== true);
  const transaction = String(thanked['transaction']);
  const { votes, effective } = await poll(
    async () => {
      const answer = await office.api.ratings(transaction).catch(() => null);
      return answer?.effective ? answer : null;
    },
    { what: 'the rating at the hub' },
  );
  expect(effective?.overall).toBe(2);
  expect(votes.map(({ voteId }) => voteId)).toEqual([thanked['id']]);
  const { body } = await office.api.call<{ officerId?: string; officer?: { id: string } }>(
    'GET',
    `/api/v1/transactions/${transaction}`,
  );
  expect(JSON.stringify(body)).toContain(second.id);
  expect(JSON.stringify(body)).not.toContain(first.id);
  // The duty begun by PIN is the one a station of that officer shows; its login begins no other.
  await office.station.login(second.code, second.pin);
  const { duty, officer } = (await office.station.state()).body;
  expect(officer?.id).toBe(second.id);
  const begun = dutiesOf(second.id).filter(({ id }) => before.every((one) => one.id !== id));
  expect(begun).toEqual([{ id: expect.any(String), since: duty?.since, endedAt: null }]);
  // No PIN stands anywhere on the kiosk's disk, nor what it could be tried on.
  for (const file of await readdir(join(folder.path, 'kiosk'), { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    // A file that goes while we look holds nothing any more.
    const bytes = await readFile(join(file.parentPath, file.name), 'latin1').catch(() => '');
    expect(bytes.includes(`"${second.pin}"`), file.name).toBe(false);
    expect(bytes.includes('scrypt$'), file.name).toBe(false);
  }
  window.close();
});
