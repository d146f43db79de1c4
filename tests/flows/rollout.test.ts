/*
 * Purpose: a change of the office's name over real processes and lines: the pilot's kiosk is told it, the other one stays with
 * what was good, over a restart of the hub; an operator sends it to everybody, and both hear it at once.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveOffice } from '../../hub-server/src/application/directory/save-directory.ts';
import { saveRollout } from '../../hub-server/src/application/fleet/decide-rollout.ts';
import { issueEnrolCode } from '../../hub-server/src/application/kiosks/enrol.ts';
import { type OpenHub, openHub } from '../../hub-server/src/commands/open-hub.ts';
import { EdgeClient, enrolOverHttp } from '../support/edge-client.ts';
import { setupDemoOffice } from '../support/office.ts';
import { hubBin } from '../support/paths.ts';
import { type Program, runProgram, startProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';
import { TestDevice } from '../support/test-device.ts';

let folder: TempFolder;
let dir: string;
let hub: { readonly program: Program; readonly url: string } | null = null;
const kiosks = [new TestDevice(), new TestDevice()];
const codes: string[] = [];

async function stopped<T>(act: (hub: OpenHub) => Promise<T>): Promise<T> {
  const opened = await openHub(dir);
  try {
    return await act(opened);
  } finally {
    await opened.close();
  }
}
async function serve(): Promise<string> {
  const program = startProgram(hubBin, ['serve', '--data', dir, '--port', '0', '--json'], {
    env: { HAILONG_CAMERAS: 'off' },
  });
  hub = { program, url: String((await program.line('listening'))['url']) };
  return hub.url;
}
const rename = (name: string) =>
  stopped(({ admin }) =>
    saveOffice(admin, { value: { name, place: 'Bình An', phone: '1', retentionDays: 30 }, actor: 'test' }),
  );

beforeAll(async () => {
  folder = await tempFolder('rollout');
  dir = join(folder.path, 'hub');
  await setupDemoOffice(dir);
  await rename('Một cửa A');
  await stopped(async ({ admin }) => {
    const [pilot, rest] = (await admin.storage.directory.counters()).filter(({ active }) => active);
    for (const counterId of [pilot!.id, rest!.id])
      codes.push((await issueEnrolCode(admin, { counterId, kind: 'kiosk', actor: 'test' })).code);
    const rule = { stages: 2, soakMs: 1_800_000, confirmMs: 300_000, sickShare: 0 };
    await saveRollout(admin, { rule, groups: [{ counterId: pilot!.id, stage: 1 }], actor: 'test' });
  });
});
afterAll(async () => {
  await hub?.program.stop();
  await folder?.remove();
});

test('the pilot first, the rest when somebody says so', async () => {
  let url = await serve();
  for (const [n, kiosk] of kiosks.entries())
    expect((await enrolOverHttp(url, kiosk, codes[n]!)).status).toBe(200);
  await hub?.program.stop();
  await rename('Một cửa B');
  url = await serve();
  const lines = await Promise.all(kiosks.map((kiosk) => EdgeClient.greet(url, kiosk, [])));
  try {
    const [pilot, rest] = [await lines[0]!.first('counter.config'), await lines[1]!.first('counter.config')];
    expect([pilot.office.name, rest.office.name]).toEqual(['Một cửa B', 'Một cửa A']);
    expect(pilot.revision).toBeGreaterThan(rest.revision);
    const shown = await runProgram(hubBin, ['rollout', 'show', '--data', dir, '--json']);
    expect(shown.lines[0]).toMatchObject({ rollout: { state: 'running', stage: 1, to: pilot.revision } });
    const forced = await runProgram(hubBin, ['rollout', 'force', '--data', dir, '--by', 'An', '--json']);
    expect(forced.lines[0]).toMatchObject({ rollout: { state: 'done' } });
    await lines[1]!.first('counter.config', ({ office }) => office.name === 'Một cửa B');
  } finally {
    for (const line of lines) line.close();
  }
});
