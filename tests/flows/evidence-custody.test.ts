/*
 * Who did what with the footage of a package: what held it before there was a case, who ended that, whose picture of it was opened; and of
 * looks for other cases no more than their officer may know: of one that has told, time, camera and role; of others and of denunciations nothing.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageManifest } from '@hailong/shared/evidence/manifest.ts';
import { NOT_PROVEN } from '@hailong/shared/evidence/not-proven.ts';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { approveAct } from '../../hub-server/src/application/acts/approve-act.ts';
import { askAct } from '../../hub-server/src/application/acts/ask-act.ts';
import { byCommand, byHand, guideOf } from '../prove/evidence/verifiers.ts';
import { type FilmedHub, filmedHub } from '../support/evidence-hub.ts';
import { hasFfmpeg } from '../support/fixture-clip.ts';

const here = await hasFfmpeg();

let hub: FilmedHub;
beforeAll(async () => {
  if (here) hub = await filmedHub('evidence-custody', { seconds: 36, kbps: 300 });
}, 60_000);
afterAll(() => hub?.close());

const segment = (): { id: string; camera: string } => {
  const db = new Database(join(hub.folder, 'data', 'hub.sqlite'), { readonly: true });
  const found = db
    .prepare('SELECT id, camera_id AS camera FROM segment WHERE file = ?')
    .get(hub.segments[0]![3]!) as { id: string; camera: string };
  db.close();
  return found;
};

/** Opened, watched at that moment, and told or not. */
async function watchedFor(type: string, at: number, told: boolean): Promise<string> {
  const { storage } = hub.kept.hub;
  const id = randomUUID();
  const audit = { at, actor: 'user:thanhtra2', object: '', reason: null };
  await storage.cases.openCase({
    ...{ id, type, documentNumber: '46/QĐ-VP', disputed: false, transactionId: hub.transactionId },
    ...{ interval: null, purpose: 'Việc khác', petitioner: null, at },
    assignee: { id: hub.second.userId, name: hub.second.name },
    audit: { ...audit, action: 'case.opened' },
  } as never);
  const camera = segment().camera;
  await storage.cases.recordAccess({
    view: {
      ...{ ticketHash: randomUUID(), caseId: id, cameraId: camera, transactionId: hub.transactionId },
      ...{ counterId: hub.kiosk.place.counter, viewer: { id: hub.second.userId, name: hub.second.name } },
      ...{ from: hub.openedAt - 5_000, to: hub.openedAt + 5_000 },
    },
    object: `camera:${camera}`,
    audit: { ...audit, action: 'footage.playlist', object: `camera:${camera}`, body: { case: id } },
  } as never);
  if (told)
    await storage.cases.tellOfficer({ id, at, audit: { ...audit, action: 'case.officer_told' } } as never);
  return id;
}

it.skipIf(!here)('names each act about the footage that may be named', async () => {
  const { storage, admin, clock } = hub.kept.hub;
  const at = clock.now();
  await storage.holds.keep({ at });
  const { id: segmentId, camera } = segment();
  await storage.access.record({
    audit: {
      ...{ at, actor: 'user:quantri', action: 'camera.frame_opened', object: `camera:${camera}` },
      ...{ reason: null, body: { segmentId, frameAt: hub.openedAt } },
    },
  });
  const ending = await askAct(admin, hub.inspector, {
    kind: 'hold-end',
    body: { hold: `rating:${hub.transactionId}` },
    reason: 'Đã có bảo lưu của vụ việc',
  } as never);
  await approveAct(admin, hub.second, ending.id);
  const told = await watchedFor('complaint', at, true);
  const others = [told, await watchedFor('feedback', at, false), await watchedFor('denunciation', at, true)];

  const row = await hub.exportCase();
  const kept = row.folder ?? '';
  const custody = readFileSync(join(kept, 'custody.jsonl'), 'utf8');
  const lines = custody
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { row?: { action: string; object: string }; other?: unknown });
  const acts = lines.flatMap(({ row: act }) => (act ? [`${act.action} ${act.object}`] : []));
  expect(acts).toEqual(
    expect.arrayContaining([
      `hold.placed transaction:${hub.transactionId}`,
      `camera.frame_opened camera:${camera}`,
      `act.asked hold:rating:${hub.transactionId}`,
      `act.approved hold:rating:${hub.transactionId}`,
      `hold.ended hold:rating:${hub.transactionId}`,
    ]),
  );
  expect(lines.flatMap(({ other }) => other ?? [])).toEqual([
    { action: 'watched', at, camera, role: 'inspector' },
  ]);
  for (const id of others) expect(custody).not.toContain(id);
  expect(custody).not.toContain('46/QĐ-VP');
  const manifest = packageManifest.parse(JSON.parse(readFileSync(join(kept, 'manifest.json'), 'utf8')));
  expect(manifest.notProven).toContain('custody-others');
  const { code, said, out } = await byCommand(kept, '--json');
  expect(code, said).toBe(0);
  expect(said).toContain(NOT_PROVEN['custody-others'].vi);
  expect(await byHand(kept, guideOf(kept), JSON.parse(out).keyDigits)).toBe(true);
});
