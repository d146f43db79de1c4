/*
 * Purpose: a hub that was set back by putting an old copy in its place, over real processes: nobody announces it. The
 * first kiosk that knows more shows it, figures stay in the house, every rating comes back, and it ends by itself.
 */
import { cp } from 'node:fs/promises';
import type { RecoveringAnswer } from '@hailong/shared/protocol/http.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askRunningHub } from '../../hub-server/src/adapters/operator-socket.ts';
import { enrolCode, type Office, openOffice, StationClient, startHub } from '../support/office.ts';
import { hubBin, kioskBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Program, runProgram, startProgram } from '../support/program.ts';
import { removeAll, type TempFolder, tempFolder } from '../support/temp-folder.ts';

let folder: TempFolder;
let office: Office;
let other: Program | null = null;

beforeEach(async () => {
  folder = await tempFolder('set-back');
  office = await openOffice(folder.path);
});
afterEach(async () => {
  await other?.stop();
  await office?.[Symbol.asyncDispose]();
  await folder?.remove();
});

async function secondKiosk(code?: string): Promise<Program> {
  const program = startProgram(kioskBin, [
    ...['run', '--data', `${folder.path}/kiosk-2`, '--hub', office.url, '--panel', 'none'],
    ...['--ui-port', '0', '--json', ...(code ? ['--enrol', code] : [])],
  ]);
  await program.line('ready');
  return program;
}

async function rate(level: number): Promise<string> {
  const { transactionId, intentId } = await office.api.open(office.counter.id, []);
  await office.api.intent(intentId, 'accepted');
  const { intentId: finish } = await office.api.finish(transactionId);
  await office.api.intent(finish, 'accepted');
  await poll(() => office.panel.status().armedMask !== 0, { what: 'the panel to be armed' });
  await office.panel.press(5 - level);
  const thanked = await office.kioskLine('thanked', (line) => line['transaction'] === transactionId);
  await office.kioskLine('acked', (line) => line['id'] === thanked['id']);
  return transactionId;
}

/** As `hailong-hub recovering show --json` asks a running hub; what it prints itself is read once below. */
async function shown(): Promise<RecoveringAnswer> {
  const answer = await askRunningHub(office.hubData, { verb: 'recovering-show' });
  if (!answer?.ok) throw new Error(JSON.stringify(answer));
  return (answer.value as readonly RecoveringAnswer[])[0]!;
}

async function head(): Promise<StationClient> {
  const client = new StationClient(office.url);
  const user = office.setup.users.find(({ roles }) => roles.includes('head'));
  await client.call('POST', '/api/v1/session', { username: user?.username, password: user?.password });
  return client;
}
const exported = async (client: StationClient): Promise<Response> =>
  fetch(`${office.url}/api/v1/dashboard.xlsx`, { headers: { cookie: client.credentials().cookie } });

test('an old copy put back is noticed, filled up again and left by itself', async () => {
  other = await secondKiosk(await enrolCode(office.hubData, 'counter', office.setup.counters[1]!.id));
  const port = Number(new URL(office.url).port);
  const first = await rate(4);

  await office.hub.stop();
  await cp(office.hubData, `${folder.path}/copy`, { recursive: true });
  office.hub = (await startHub(office.hubData, port)).program;
  expect(await shown()).toMatchObject({ recovering: false, awaited: [], gaps: [] });
  await office.passPrompt();
  await poll(() => office.panel.status().armedMask === 0, { what: 'the prompt to close' });
  const second = await rate(2);

  await other.stop();
  await office.hub.stop();
  await removeAll(office.hubData);
  await cp(`${folder.path}/copy`, office.hubData, { recursive: true });
  office.hub = (await startHub(office.hubData, port)).program;

  await poll(async () => (await shown()).recovering, { what: 'recovering' });
  const back = await poll(async () => (await office.api.ratings(second)).effective, {
    what: 'the rating that came after the copy',
  });
  expect(back?.overall).toBe(2);
  expect((await office.api.ratings(first)).effective?.overall).toBe(4);
  // Its own kiosk has sent all; the other one has not been heard.
  const awaited = await poll(
    async () => {
      const now = await shown();
      return now.awaited.length === 1 ? now.awaited : null;
    },
    { what: 'one kiosk to be awaited' },
  );
  expect(awaited).toEqual([
    expect.objectContaining({ counterId: office.setup.counters[1]!.id, state: 'unheard', replaced: false }),
  ]);
  const printed = await runProgram(hubBin, ['recovering', 'show', '--data', office.hubData, '--json']);
  expect(printed.lines).toEqual([await shown()]);
  const said = await runProgram(hubBin, ['recovering', 'show', '--data', office.hubData]);
  const device = awaited[0]!.device.slice(0, 12);
  expect(said.stderr).toContain(`thiết bị ${device}: chưa kết nối lại`);
  expect(said.stderr).toContain(`device ${device}: not heard yet`);
  expect(said.stderr).toContain('must be revoked');

  const client = await head();
  const refused = await exported(client);
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({
    code: 'hub.recovering',
    where: [{ path: 'awaited', message: office.setup.counters[1]!.number }],
  });
  const page = await client.call<RecoveringAnswer>('GET', '/api/v1/recovering');
  expect(page.body).toMatchObject({ recovering: true, overridden: false });

  // Set back once more while it recovers: another beginning, everybody is awaited anew, and all comes again.
  await office.hub.stop();
  await cp(office.hubData, `${folder.path}/recovering-copy`, { recursive: true });
  office.hub = (await startHub(office.hubData, port)).program;
  await office.passPrompt();
  await poll(() => office.panel.status().armedMask === 0, { what: 'the prompt to close' });
  const third = await rate(3);
  const { since } = await shown();
  await office.hub.stop();
  await removeAll(office.hubData);
  await cp(`${folder.path}/recovering-copy`, office.hubData, { recursive: true });
  office.hub = (await startHub(office.hubData, port)).program;
  await poll(async () => ((await shown()).since ?? 0) > since!, {
    what: 'another beginning',
  });
  const again = await poll(async () => (await office.api.ratings(third)).effective, {
    what: 'the rating that came while it recovered',
  });
  expect(again?.overall).toBe(3);

  other = await secondKiosk();
  await poll(async () => !(await shown()).recovering, { what: 'the end of recovering' });
  expect((await exported(client)).status).toBe(200);
});

test('two people set the block aside, one does not, and it is in the log', async () => {
  const port = Number(new URL(office.url).port);
  await office.hub.stop();
  await cp(office.hubData, `${folder.path}/copy`, { recursive: true });
  office.hub = (await startHub(office.hubData, port)).program;
  other = await secondKiosk(await enrolCode(office.hubData, 'counter', office.setup.counters[1]!.id));
  await rate(5);
  await office.hub.stop();
  await other.stop();
  await removeAll(office.hubData);
  await cp(`${folder.path}/copy`, office.hubData, { recursive: true });
  await office.kiosk.stop();
  office.hub = (await startHub(office.hubData, port)).program;

  // The copy does not know the second kiosk: it comes in by its certificate and shows that something is missing.
  other = await secondKiosk();
  const now = await poll(
    async () => {
      const answer = await shown();
      return answer.recovering && answer.toConfirm.length > 0 ? answer : null;
    },
    { what: 'the kiosk to be admitted again' },
  );
  expect(now.toConfirm).toEqual([expect.objectContaining({ counterId: office.setup.counters[1]!.id })]);

  const client = await head();
  expect((await exported(client)).status).toBe(409);
  const override = (...by: string[]) =>
    runProgram(hubBin, [
      ...['recovering', 'override', '--data', office.hubData, '--json', '--reason', 'kiosk 1 đã cháy'],
      ...by.flatMap((name) => ['--by', name]),
    ]);
  expect((await override('An', ' an')).lines).toContainEqual({ event: 'error', code: 'access.two_people' });
  expect((await exported(client)).status).toBe(409);
  expect((await override('An', 'Bình')).code).toBe(0);
  expect((await exported(client)).status).toBe(200);
  expect(await shown()).toMatchObject({ recovering: true, overridden: true });

  const confirm = await runProgram(hubBin, [
    ...['device', 'confirm', now.toConfirm[0]!.device, '--data', office.hubData, '--json'],
    ...['--by', 'An', '--by', 'Bình'],
  ]);
  expect(confirm.code).toBe(0);
  expect((await shown()).toConfirm).toEqual([]);
});
