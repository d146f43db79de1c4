/*
 * Purpose: the hub as a writer of facts, over real processes: a kiosk breaks, the hub keeps its counter, a citizen votes on
 * a phone, an old copy of the data is put back and the second medium gives the vote back, the kiosk takes its counter again.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { cp } from 'node:fs/promises';
import type { RatingsAnswer, StationAnswer } from '@hailong/shared/protocol/http.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enrolCode, type Office, openOffice } from '../support/office.ts';
import { hubBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type JsonLine, type Program, runProgram, startProgram } from '../support/program.ts';
import { removeAll, type TempFolder, tempFolder } from '../support/temp-folder.ts';

let folder: TempFolder;
let office: Office;

beforeAll(async () => {
  folder = await tempFolder('hub-chain');
  office = await openOffice(folder.path);
});
afterAll(async () => {
  await office?.[Symbol.asyncDispose]();
  await folder?.remove();
});

async function serveMirrored(): Promise<{ program: Program; mirror: JsonLine }> {
  const port = new URL(office.url).port;
  const program = startProgram(hubBin, [
    ...['serve', '--data', office.hubData, '--port', port, '--mirror', `${folder.path}/mirror`, '--json'],
  ]);
  const mirror = await program.line('mirror');
  await program.line('listening');
  return { program, mirror };
}
const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`${office.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const station = (): Promise<StationAnswer> => office.station.state().then(({ body }) => body);
const effective = (id: string): Promise<RatingsAnswer['effective']> =>
  office.api.ratings(id).then((answer) => answer.effective);

test('the hub keeps a broken kiosk’s counter, and a vote survives the loss of the data', async () => {
  await office.kiosk.stop();
  await office.hub.stop();
  const first = await serveMirrored();
  office.hub = first.program;
  // One disk is no second medium, and that is said.
  expect(first.mirror).toMatchObject({ ok: true, independent: false, tookBack: 0 });

  const handed = await runProgram(hubBin, [
    ...['counter', 'hand-over', office.counter.id, '--data', office.hubData, '--json'],
    ...['--by', 'An', '--reason', 'màn hình vỡ'],
  ]);
  expect(handed.lines[0]).toMatchObject({ event: 'handed-over', device: expect.any(String) });
  await office.station.login(office.officer.code, office.officer.pin);
  await office.hub.stop();
  await cp(office.hubData, `${folder.path}/copy`, { recursive: true });
  office.hub = (await serveMirrored()).program;

  const opened = await office.api.open(office.counter.id, ['H21.27-261125-0001']);
  await office.api.intent(opened.intentId, 'accepted');
  const { body } = await office.api.call<{ privateCode: string }>(
    'POST',
    `/api/v1/transactions/${opened.transactionId}/finish`,
    { outcome: 'completed' },
  );
  expect(body.privateCode).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/);

  const phone = randomBytes(32).toString('base64url');
  const code = `${body.privateCode.slice(0, 5).toLowerCase()}-${body.privateCode.slice(5)}`;
  expect((await fetch(`${office.url}/api/v1/private/open`)).status).toBe(404);
  const shown = await post('/api/v1/private/open', { code, phone });
  expect(await shown.json()).toMatchObject({ inTime: true, instrument: { id: 'hai-long-5' } });
  const vote = { code, phone, vote: randomUUID(), answers: [{ question: 'overall', level: 2 }] };
  const other = await post('/api/v1/private/votes', {
    ...vote,
    phone: randomBytes(32).toString('base64url'),
  });
  expect(await other.json()).toMatchObject({ code: 'private.other_phone' });
  expect(await (await post('/api/v1/private/votes', vote)).json()).toEqual({ thanked: 'received' });
  const late = { ...vote, vote: randomUUID(), answers: [{ question: 'overall', level: 5 }] };
  expect(await (await post('/api/v1/private/votes', late)).json()).toEqual({ thanked: 'received' });
  const found = await poll(() => effective(opened.transactionId), { what: 'the private rating' });
  expect(found).toMatchObject({ overall: 2, route: 'private' });

  await office.hub.killHard();
  // The recorder hears of its hub's end a moment later and may still write.
  await removeAll(office.hubData);
  await cp(`${folder.path}/copy`, office.hubData, { recursive: true });
  const again = await serveMirrored();
  office.hub = again.program;
  expect(Number(again.mirror['tookBack'])).toBeGreaterThanOrEqual(5);
  const back = await poll(() => effective(opened.transactionId), { what: 'the rating after the loss' });
  expect(back).toMatchObject({ overall: 2, route: 'private' });
  const { lines } = await runProgram(hubBin, ['recovering', 'show', '--data', office.hubData, '--json']);
  expect(lines[0]).toMatchObject({ recovering: true, gaps: [] });
});

test('the kiosk that returns accepts first, and what the hub had open there ends', async () => {
  const opened = await office.api.open(office.counter.id, []);
  await office.api.intent(opened.intentId, 'accepted');
  await office.restartKiosk();
  await poll(async () => (await station()).duty === null, {
    what: 'the hub’s duty to end',
  });
  const view = await office.api.call<{ state: string; outcome: string }>(
    'GET',
    `/api/v1/transactions/${opened.transactionId}`,
  );
  expect(view.body).toMatchObject({ state: 'closed' });
  // The kiosk serves again.
  await office.station.startDuty(
    await enrolCode(office.hubData, 'station', office.counter.id),
    office.officer.code,
    office.officer.pin,
  );
  const next = await office.api.open(office.counter.id, []);
  await office.api.intent(next.intentId, 'accepted');
  const { lines } = await runProgram(hubBin, ['recovering', 'show', '--data', office.hubData, '--json']);
  expect(lines[0]).toMatchObject({ recovering: false });
});
