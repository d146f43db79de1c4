/* Files that were found gone, as the hub tells it: one row of the log, the administration's note. Real storage and routes. */
import { randomUUID } from 'node:crypto';
import type { FootageDisk, FootageFact } from '@hailong/shared/protocol/footage.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NOW, type Office, openOffice } from '../hub-http/office.ts';

let office: Office;
let camera: string;
let cursor: number;
beforeEach(async () => {
  office = await openOffice();
  camera = (await office.seed()).cameraId;
  cursor = 0;
});
afterEach(() => office.close());

const record = (...facts: unknown[]) =>
  office.storage.footage.record({
    recorder: 'r',
    facts: facts.map((fact) => ({ cursor: ++cursor, fact: fact as FootageFact })),
  });
/** One that arrived so long ago, ms. */
function closed(agoMs: number, change: object = {}): { readonly id: string; readonly fact: unknown } {
  const id = randomUUID();
  const segment = {
    ...{ id, camera, run: randomUUID(), file: `${id}.mp4`, mediaStartMs: 0, mediaEndMs: 4_000, bytes: 9 },
    ...{ arrivalAt: NOW - agoMs, arrivalMonoMs: 0, sha256: 'ab'.repeat(32), codec: 'h264', flags: [] },
  };
  return { id, fact: { kind: 'segment.closed', segment: { ...segment, ...change } } };
}
const gone = (id: string, reason = 'lost', by?: string) => ({
  ...{ kind: 'segment.deleted', id, at: NOW, reason },
  ...(by === undefined ? {} : { by }),
});
const rows = async () =>
  (await office.storage.access.audit({ before: null, limit: 50 })).filter(
    ({ action }) => action === 'footage.lost',
  );

it('is a row of the log a camera, told once, and a note to administrators for 30 days', async () => {
  const [one, two, three] = [closed(9_000_000), closed(5_000_000), closed(1_000_000)];
  await record(one.fact, two.fact, three.fact);
  await record(gone(one.id), gone(two.id), gone(three.id, 'budget'));
  expect(await rows()).toMatchObject([{ actor: 'recorder', object: `camera:${camera}`, at: NOW }]);
  const admin = await office.login('quantri');
  const disk = async (): Promise<FootageDisk> =>
    (await admin.call('GET', '/api/v1/admin/recorder/disk')).json();
  expect((await disk()).lost).toEqual([
    {
      ...{ camera: expect.not.stringContaining(camera), files: 2, at: NOW },
      ...{ from: NOW - 9_000_000, to: NOW - 5_000_000 },
    },
  ]);
  // What went once keeps its reason, and nothing is told of it again.
  await record(gone(one.id), gone(two.id, 'lost', 'user:an'), gone(three.id));
  expect(await rows()).toHaveLength(1);
  expect(await office.storage.segments.lostSince({ since: NOW })).toEqual([]);
});

it('is no loss where another row keeps the very file', async () => {
  const film = { file: 'one.mp4', sha256: 'cd'.repeat(32) };
  const kept = closed(9_000, film);
  const second = closed(4_000, { ...film, flags: ['recovered'] });
  const other = closed(4_000, { ...film, sha256: 'ef'.repeat(32) });
  await record(kept.fact, second.fact, other.fact);
  await record(gone(second.id, 'lost', 'user:an'));
  expect(await rows()).toEqual([]);
  await record(gone(other.id));
  expect(await rows()).toHaveLength(1);
});

it('says in the log by what limits footage goes for space, once for each change', async () => {
  const limits = (budgetBytes: number | null) => ({ budgetBytes, floorBytes: 5, holdReserveBytes: 7 });
  const said = async () =>
    (await office.storage.access.audit({ before: null, limit: 50 }))
      .filter(({ action }) => action === 'footage.limits')
      .map(({ actor, object, at }) => [actor, object, at]);
  for (const [at, told] of [limits(null), limits(null), limits(9), limits(9), limits(null)].entries())
    await office.storage.footage.noteLimits({ limits: told, at: NOW + at });
  expect(await said()).toEqual([4, 2, 0].map((at) => ['recorder', 'footage', NOW + at]));
});
