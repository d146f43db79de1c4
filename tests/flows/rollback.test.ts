/*
 * Purpose: a change of configuration that goes back by itself, over real agents, panels and lines: the pilot's kiosk takes it,
 * its panel's cable is pulled, and within the hub's next look both kiosks are on the revision that was good, which the
 * pilot confirms.
 */
import { join } from 'node:path';
import { startPanelSimulator } from '@hailong/device-drivers/simulators/panel-simulator.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveOffice } from '../../hub-server/src/application/directory/save-directory.ts';
import { saveRollout } from '../../hub-server/src/application/fleet/decide-rollout.ts';
import { openHub } from '../../hub-server/src/commands/open-hub.ts';
import { KioskWindow } from '../support/kiosk-window.ts';
import { enrolCode, type PanelSimulator, setupDemoHub, startHub, startKiosk } from '../support/office.ts';
import { hubBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Program, runProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

/** The hub looks every 30 s; a busy machine is late. */
const LOOK = { timeoutMs: 120_000, everyMs: 500 };

interface Kiosk {
  readonly number: string;
  readonly panel: PanelSimulator;
  readonly program: Program;
  readonly window: KioskWindow;
}
let folder: TempFolder;
let data: string;
let hub: { readonly program: Program; readonly url: string };
const kiosks: Kiosk[] = [];

/** While the hub is down: what an administrator saves. */
async function rename(name: string, pilot?: string): Promise<void> {
  const opened = await openHub(data);
  try {
    const value = { name, place: 'Bình An', phone: '1', retentionDays: 30 };
    await saveOffice(opened.admin, { value, actor: 'test' });
    if (pilot === undefined) return;
    const rule = { stages: 2, soakMs: 1_800_000, confirmMs: 300_000, sickShare: 0 };
    await saveRollout(opened.admin, { rule, groups: [{ counterId: pilot, stage: 1 }], actor: 'test' });
  } finally {
    await opened.close();
  }
}

async function bring(counter: { readonly id: string; readonly number: string }): Promise<void> {
  const panel = startPanelSimulator({ hwid: `53494d000000000${kiosks.length + 1}` });
  const code = await enrolCode(data, 'counter', counter.id);
  const program = startKiosk({
    ...{
      data: join(folder.path, `kiosk-${counter.number}`),
      hub: hub.url,
      panel: `cpp1:${panel.path}`,
      code,
    },
  });
  const window = await KioskWindow.open(String((await program.line('ready'))['ui']));
  kiosks.push({ number: counter.number, panel, program, window });
}

beforeAll(async () => {
  folder = await tempFolder('rollback');
  data = join(folder.path, 'hub');
  const { counters } = await setupDemoHub(data);
  await rename('Một cửa A', counters[0]!.id);
  hub = await startHub(data);
  for (const counter of counters.slice(0, 2)) await bring(counter);
});
afterAll(async () => {
  for (const { window, program, panel } of kiosks) {
    window.close();
    await program.stop();
    await panel.stop();
  }
  await hub?.program.stop();
  await folder?.remove();
});

interface Row {
  readonly counter: string;
  readonly confirmed: boolean;
  readonly wantedRevision: number;
  readonly status: { readonly panel: string; readonly configRevision: number } | null;
  readonly alarms: readonly { readonly code: string }[];
}
async function rows(): Promise<readonly Row[]> {
  const { lines } = await runProgram(hubBin, ['fleet', '--data', data, '--json']);
  return kiosks.map(({ number }) => lines.find((line) => line['counter'] === number) as unknown as Row);
}
const rollout = async () =>
  (await runProgram(hubBin, ['rollout', 'show', '--data', data, '--json'])).lines[0]?.['rollout'];
const shown = async () =>
  Promise.all(kiosks.map(async ({ window }) => (await window.screen('closed')).office.name));
const show = (names: readonly string[]) =>
  poll(async () => JSON.stringify(await shown()) === JSON.stringify(names), { what: names.join(), ...LOOK });

test('a pilot that falls ill takes everybody back to the revision that was good', async () => {
  await show(['Một cửa A', 'Một cửa A']);
  const before = await poll(
    async () => {
      const now = await rows();
      return now.every((row) => row?.confirmed && row.status?.panel === 'ready') && now;
    },
    { what: 'two kiosks that are well', ...LOOK },
  );
  const [good] = before.map(({ wantedRevision }) => wantedRevision);

  const port = Number(new URL(hub.url).port);
  await hub.program.stop();
  await rename('Một cửa B');
  hub = await startHub(data, port);
  await show(['Một cửa B', 'Một cửa A']);
  const [pilot, rest] = await poll(
    async () => {
      const now = await rows();
      return now.every(({ confirmed }) => confirmed) && now;
    },
    { what: 'both to confirm', ...LOOK },
  );
  expect(pilot!.status!.configRevision).toBeGreaterThan(good!);
  expect(rest!.status!.configRevision).toBe(good);
  expect(await rollout()).toMatchObject({ state: 'running', stage: 1, to: pilot!.status!.configRevision });

  await kiosks[0]!.panel.stop();
  await show(['Một cửa A', 'Một cửa A']);
  expect(await rollout()).toMatchObject({ state: 'rolled_back', reason: 'health 1/1', from: good });
  const after = await poll(
    async () => {
      const now = await rows();
      return now.every(({ confirmed, status }) => confirmed && status?.configRevision === good) && now;
    },
    { what: 'the older revision in force', ...LOOK },
  );
  expect(after[0]!.alarms.map(({ code }) => code)).toContain('fleet.panel_away');
}, 600_000);
