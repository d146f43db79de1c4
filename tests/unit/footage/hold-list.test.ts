/*
 * The list of holds, page by page, against all of them sorted; and by command beside a running hub and with the hub stopped. On real
 * SQLite.
 */
import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { listenToOperator } from '../../../hub-server/src/adapters/operator-socket.ts';
import { migrate, openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { holdsStore } from '../../../hub-server/src/adapters/sqlite/stores/holds/holds-store.ts';
import { issueToken } from '../../../hub-server/src/application/accounts/personal-tokens.ts';
import { saveUser } from '../../../hub-server/src/application/directory/save-directory.ts';
import { readFlags } from '../../../hub-server/src/commands/command-line.ts';
import { hold } from '../../../hub-server/src/commands/hold.ts';
import { openHub } from '../../../hub-server/src/commands/open-hub.ts';
import { operate } from '../../../hub-server/src/commands/operate.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 20, 3);
const KINDS = ['manual', 'case', 'officer', 'rating'] as const;
afterEach(() => vi.restoreAllMocks());

interface Made {
  readonly id: string;
  readonly kind: (typeof KINDS)[number];
  readonly asked: number;
  readonly ended: number | null;
}
/** A row a camera, as they are placed: asked and ended together. */
function put(db: Database.Database, made: readonly Made[], cameras = ['k1', 'k2']): void {
  const add = db.prepare(
    `INSERT INTO footage_hold (id, request, kind, camera_id, from_at, to_at, asked_by, asked_at, until, ended_at)
     VALUES (?,?,?,?,1,2,'hub',?,?,?)`,
  );
  db.transaction(() => {
    for (const { id, kind, asked, ended } of made)
      for (const camera of cameras) add.run(`${id}/${camera}`, id, kind, camera, asked, NOW + DAY, ended);
  })();
}

it('is the same over its pages, of whatever size, as all of it sorted', () => {
  const template = new Database(':memory:');
  migrate(template);
  const image = template.serialize();
  const some = fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 0, max: 99 }).map((n) => `r${n}`),
      kind: fc.constantFrom(...KINDS),
      asked: fc.integer({ min: 0, max: 4 }).map((n) => NOW - n),
      ended: fc.option(fc.constantFrom(NOW - DAY, NOW - 29 * DAY, NOW - 31 * DAY)),
    }),
    { selector: ({ id }) => id, maxLength: 40 },
  );
  fc.assert(
    fc.property(
      some,
      fc.integer({ min: 1, max: 9 }),
      fc.option(fc.constantFrom(...KINDS)),
      (made, limit, kind) => {
        const db = new Database(image);
        put(db, made);
        const seen: string[] = [];
        let count: unknown = null;
        for (let after: string | null | undefined = null; after !== undefined; ) {
          const isCounted = after === null;
          const page = holdsStore.list.run(db, { readerId: 'u', at: NOW, kind, after, limit, isCounted });
          expect(page.count === null).toBe(!isCounted);
          expect(page.holds.length).toBeLessThanOrEqual(limit);
          count = page.count ?? count;
          seen.push(...page.holds.map(({ id }) => id));
          after = page.next ?? undefined;
        }
        const shown = made.filter(
          (each) =>
            (kind === null || each.kind === kind) && (each.ended === null || each.ended > NOW - 30 * DAY),
        );
        const place = ({ kind: of, asked, ended, id }: Made) =>
          [
            ended === null ? 0 : 1,
            KINDS.indexOf(of),
            String(NOW - (ended ?? asked)).padStart(12, '0'),
            id,
          ].join('.');
        expect(seen).toEqual(shown.toSorted((a, b) => (place(a) < place(b) ? -1 : 1)).map(({ id }) => id));
        const living = shown.filter(({ ended }) => ended === null).length;
        expect(count).toEqual({ living, ended: shown.length - living });
        db.close();
      },
    ),
    { numRuns: 200 },
  );
});

it('is printed as it is read, by a running hub and by a stopped one', async () => {
  await using folder = await tempFolder('hold-list');
  const hub = await openHub(folder.path);
  const userId = await saveUser(hub.admin, {
    ...{ id: null, actor: 'test' },
    value: {
      username: 'an',
      name: 'An',
      roles: ['inspector'],
      active: true,
      password: 'mat-khau-thu-nghiem',
    },
  });
  const asked = { userId, actor: 'test', name: 'dòng lệnh', scopes: ['hold' as const], days: 1 };
  const { token } = await issueToken(hub.admin, asked);
  const db = openWriter(folder.path);
  const now = Date.now();
  const many = Array.from({ length: 1_201 }, (_, n) => ({
    ...{ id: `rating:${randomUUID()}`, kind: 'rating' as const, asked: now - (n % 3), ended: null },
  }));
  put(db, [...many, { id: 'court', kind: 'manual', asked: now - 9 * DAY, ended: null }]);
  db.close();

  const list = async (...more: string[]) => {
    const written: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const flags = readFlags(
      ['list', '--data', folder.path, '--token', token, ...more],
      ['data', 'token', 'kind'],
      ['json'],
    );
    expect(await hold(flags)).toBe(0);
    vi.restoreAllMocks();
    return written.join('').trimEnd().split('\n');
  };
  const ids = (lines: string[]) =>
    lines.map((line) => JSON.parse(line)).flatMap((each) => (each.event === 'hold' ? [each.id] : []));

  const door = await listenToOperator(folder.path, async (request) => ({
    ok: true,
    value: await operate(hub.admin, null, null as never, request as never),
  }));
  const running = await list('--json');
  expect(new Set(ids(running)).size).toBe(1_202);
  expect(ids(running)[0]).toBe('court');
  expect(JSON.parse(running.at(-1)!)).toEqual({ event: 'count', living: 1_202, ended: 0 });
  expect(ids(await list('--json', '--kind', 'manual'))).toEqual(['court']);
  const table = await list();
  expect(table).toHaveLength(1_203);
  expect(table.filter((line) => line.includes('Mã / ID'))).toHaveLength(1);
  await door.close();
  await hub.close();

  const stopped = await list('--json');
  expect(ids(stopped)).toEqual(ids(running));
});
