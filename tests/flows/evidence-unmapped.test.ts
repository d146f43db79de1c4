/*
 * One person takes a camera out of the map before the inspector looks, and narrows another's time: the case's timeline, its command and its
 * package show both lanes with who did it and when; the package carries the very rows of the log, and says that the map is the hub's word.
 */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PackageManifest } from '@hailong/shared/evidence/manifest.ts';
import type { CounterId } from '@hailong/shared/ids.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeCameraMap } from '../../hub-server/src/application/directory/change-camera-map.ts';
import { removeCameraMap } from '../../hub-server/src/application/directory/remove-camera-map.ts';
import { saveUser } from '../../hub-server/src/application/directory/save-directory.ts';
import { createFootageViews } from '../../hub-server/src/application/footage/footage-views.ts';
import { editManifest, signByHub } from '../prove/evidence/mutate.ts';
import { byCommand, byHand, type CheckPage, guideOf, openWritten } from '../prove/evidence/verifiers.ts';
import { type EvidenceHub, evidenceHub, makeFilm } from '../support/evidence-hub.ts';
import { hasFfmpeg } from '../support/fixture-clip.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const here = await hasFfmpeg();
const HOUR = 3_600_000;
const ADMIN = 'user:quantri';
const WHY = 'Chọn nhầm quầy';

let folder: TempFolder;
let hub: EvidenceHub;
let page: CheckPage;
let cameras: string[];
let kept: string;
let digits: string;
let manifest: PackageManifest;

beforeAll(async () => {
  if (!here) return;
  folder = await tempFolder('evidence-unmapped');
  const film = (name: string, hue: number) =>
    makeFilm(`${folder.path}/${name}`, { seconds: 40, kbps: 300, hue });
  hub = await evidenceHub(`${folder.path}/data`, {
    films: [await film('one', 0), await film('two', 90), await film('three', 180)],
  });
  const { admin, storage } = hub.kept.hub;
  await saveUser(admin, {
    ...{ id: null, actor: 'test' },
    value: {
      ...{ username: 'quantri', name: 'Trần Văn Quản', roles: ['admin'], active: true },
      password: 'mat-khau-thu-nghiem',
    },
  });
  cameras = (await storage.directory.cameras()).map(({ id }) => id);
  const counterId = hub.kiosk.place.counter as CounterId;
  const from = hub.openedAt - HOUR;
  const row = { counterId, from } as never;
  await removeCameraMap(admin, {
    ...{ cameraId: cameras[1]!, actor: ADMIN, asked: { ...(row as object), reason: WHY } as never },
  });
  await changeCameraMap(admin, {
    ...{ cameraId: cameras[2]!, actor: ADMIN },
    change: { counterId, was: from, from, to: hub.openedAt } as never,
  });
  ({ kept, digits, manifest, page } = await openWritten(await hub.exportCase()));
}, 120_000);
afterAll(async () => {
  await page?.[Symbol.asyncDispose]();
  await hub?.close();
  await folder?.remove();
});

describe.skipIf(!here)('a camera that somebody took out of the map', () => {
  it('keeps its lane in the case, with who did it and when, and shows no picture', async () => {
    const { storage, clock } = hub.kept.hub;
    const views = createFootageViews({
      ...{ views: storage.views, footage: storage.footage, clock, root: () => hub.footageRoot },
    });
    const of = { transactionId: hub.transactionId, interval: null } as never;
    const timeline = await views.timeline(of);
    expect(timeline?.cameras.map(({ id, state }) => [id, state])).toEqual([
      [cameras[0], 'ready'],
      [cameras[1], 'missing'],
      [cameras[2], 'partial'],
    ]);
    const [, gone, narrowed] = timeline!.cameras;
    const { from, to } = timeline!.window;
    const out = { reason: 'not-configured', unmappedBy: ADMIN, unmappedAt: expect.any(Number) };
    expect(gone?.gaps).toEqual([{ from, to, ...out }]);
    expect(narrowed?.gaps).toEqual([{ from: hub.openedAt, to, ...out }]);
    expect(await views.clip(of, cameras[1] as never)).toBeNull();
    // A key of another system learns neither.
    const told = await views.summary(hub.transactionId as never, 'recorded');
    expect(told.map(({ cameraId }) => cameraId)).toEqual([cameras[0], cameras[2]]);
    expect(JSON.stringify(told)).not.toContain('quantri');
  });

  it('stands in the package, on its paper, and with the rows of the log that did it', async () => {
    expect(manifest.notProven).toContain('cameras-stated');
    const by = { actor: ADMIN, name: 'Trần Văn Quản', roles: ['admin'] };
    const [whole, gone, narrowed] = cameras.map((id) => manifest.cameras.find((each) => each.id === id)!);
    expect(whole?.gaps.flatMap(({ unmapped }) => unmapped ?? [])).toEqual([]);
    const { from, to } = manifest.asked;
    expect(gone).toMatchObject({ state: 'missing', delivered: [], working: [] });
    expect(gone?.gaps).toMatchObject([{ from, to, reason: 'not-configured', unmapped: { by } }]);
    expect(narrowed).toMatchObject({
      state: 'partial',
      gaps: [{ to, reason: 'not-configured', unmapped: { by } }],
    });
    const rows = readFileSync(join(kept, 'custody.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .flatMap((line) => (JSON.parse(line) as { row?: { action: string } }).row ?? [])
      .filter(({ action }) => action.startsWith('camera.'));
    expect(rows).toMatchObject([
      { action: 'camera.unmapped', actor: ADMIN, object: `camera:${cameras[1]}`, reason: WHY },
      { action: 'camera.mapped', actor: ADMIN, object: `camera:${cameras[2]}` },
    ]);
  });

  it('is good for all three verifiers, which say so', async () => {
    const said = await byCommand(kept, '--hub-key', digits);
    expect(said).toMatchObject({ code: 0 });
    expect(await byHand(kept, guideOf(kept), digits)).toBe(true);
    const shown = await page.judge(kept);
    expect(shown).toMatchObject({ good: true, codes: [] });
    expect(shown.text).toContain('người thực hiện: Trần Văn Quản, Quản trị hệ thống, user:quantri');
  });

  it.each([
    [
      'its lane left out',
      (told: PackageManifest) => {
        told.cameras = told.cameras.filter(({ id }) => id !== cameras[1]);
      },
      ['audit.map'],
    ],
    [
      'another name put to it',
      (told: PackageManifest) => {
        for (const { gaps } of told.cameras)
          for (const { unmapped } of gaps) if (unmapped?.by) unmapped.by.actor = 'user:khac';
      },
      ['audit.map'],
    ],
    [
      'unsaid that the map is its word',
      (told: PackageManifest) => {
        told.notProven = told.notProven.filter((code) => code !== 'cameras-stated');
      },
      ['manifest.unsaid'],
    ],
  ])('by the hub itself, %s: refused by command and page', async (_, change, codes) => {
    const forged = join(folder.path, 'forged');
    rmSync(forged, { recursive: true, force: true });
    cpSync(kept, forged, { recursive: true });
    editManifest(forged, change);
    await signByHub(forged, (bytes) => hub.kept.hub.keys.sign(bytes));
    const { code, out } = await byCommand(forged, '--json', '--hub-key', digits);
    expect(code).toBe(1);
    const found = (JSON.parse(out).findings as { code: string }[]).map((each) => each.code);
    expect([...new Set(found)]).toEqual(codes);
    await page.page.locator('#key').fill(digits);
    const shown = await page.judge(forged);
    expect([...new Set(shown.codes)]).toEqual(codes);
    await page.page.locator('#key').fill('');
  });
});
