/* Whose page is shown anew: one kiosk, a counter's, a group's, all; who is away is said, and the log names the act first. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveRollout } from '../../../hub-server/src/application/fleet/decide-rollout.ts';
import { reloadScreens } from '../../../hub-server/src/application/fleet/reload-screens.ts';
import { openLog } from '../hub-log/kit.ts';

let hub: Awaited<ReturnType<typeof openLog>>;
let parts: Parameters<typeof reloadScreens>[0];
const counters = [randomUUID(), randomUUID(), randomUUID()];
const kiosks: string[] = [];
let old = '';
const told: string[][] = [];
const away = new Set<string>();
const numbers = async (choice: Parameters<typeof reloadScreens>[1]['choice']) =>
  (await reloadScreens(parts, { choice, actor: 'user:An' })).map(
    ({ counter, result }) => `${counter} ${result}`,
  );

beforeAll(async () => {
  hub = await openLog();
  const core = {
    directoryChanged: async () => undefined,
    deviceOnline: (id: string) => !away.has(id),
    reloadScreens(ids: readonly string[]) {
      told.push([...ids]);
      return ids.filter((id) => !away.has(id));
    },
  };
  parts = { storage: hub.storage, clock: hub.clock, told: { core } } as never;
  hub.raw((db) => {
    const counter = db.prepare(
      "INSERT INTO counter (id, number, name, unit_id, active) VALUES (?,?,'','u',1)",
    );
    counters.forEach((id, n) => void counter.run(id, String(n + 1)));
  });
  old = (await hub.enrolled(counters[0]!)).device;
  for (const counter of counters) kiosks.push((await hub.enrolled(counter)).device);
  const rule = { stages: 2, soakMs: 60_000, confirmMs: 60_000, sickShare: 0 };
  await saveRollout(parts, { rule, groups: [{ counterId: counters[0]!, stage: 1 }], actor: 'user:An' });
});
afterAll(() => hub.close());

test('one, a counter’s, a group’s, all; the older kiosk of a counter is none of them', async () => {
  away.add(kiosks[2]!);
  expect(await numbers({ kind: 'device', device: kiosks[1]! })).toEqual(['2 sent']);
  expect(await numbers({ kind: 'counter', counterId: counters[2]! })).toEqual(['3 away']);
  expect(await numbers({ kind: 'group', stage: 1 })).toEqual(['1 sent']);
  expect(await numbers({ kind: 'group', stage: 2 })).toEqual(['2 sent', '3 away']);
  expect(await numbers({ kind: 'all' })).toEqual(['1 sent', '2 sent', '3 away']);
  expect(told.flat()).not.toContain(old);
});

test('the row of the log names whose, and how many were there', async () => {
  await numbers({ kind: 'group', stage: 2 });
  expect(hub.rows().at(-1)).toMatchObject({
    ...{ action: 'screen.reloaded', object: 'group:2', actor: 'user:An' },
    body: JSON.stringify({ online: 1, away: 1 }),
  });
});

test('an unknown kiosk is refused, and a hub that does not run is not waited for', async () => {
  await expect(numbers({ kind: 'device', device: 'f'.repeat(64) })).rejects.toMatchObject({
    code: 'reference.unknown',
  });
  const stopped = { ...parts, told: null };
  await expect(reloadScreens(stopped, { choice: { kind: 'all' }, actor: 'operator' })).rejects.toMatchObject({
    code: 'program.unreachable',
  });
});
