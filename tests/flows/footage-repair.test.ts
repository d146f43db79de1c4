/*
 * `footage repair` with the hub stopped, by command, on a hub's real data: every way in which rows of the hub, rows of its recorder
 * and files can disagree is found by `verify`, mended in an administrator's name with a row of the log, once; nothing held goes.
 * Killed in the middle, it is only begun again.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, rmSync, truncateSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SegmentId } from '@hailong/shared/ids.ts';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { databaseFile } from '../../hub-server/src/adapters/sqlite/open-database.ts';
import { issueToken } from '../../hub-server/src/application/accounts/personal-tokens.ts';
import { saveUser } from '../../hub-server/src/application/directory/save-directory.ts';
import { openIndex } from '../../hub-server/src/recorder/adapters/sqlite-index.ts';
import { evidenceHub, type Film, makeFilm } from '../support/evidence-hub.ts';
import { hasFfmpeg } from '../support/fixture-clip.ts';
import { hubBin } from '../support/paths.ts';
import { runProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const here = await hasFfmpeg();
const OLD = Date.now() / 1000 - 600;
let folder: TempFolder;
let film: Film;
let data: string;
let token: string;
let root: string;
let files: readonly string[];

beforeAll(async () => {
  if (!here) return;
  folder = await tempFolder('footage-repair');
  film = await makeFilm(`${folder.path}/film`, { seconds: 4, kbps: 200, loops: 14 });
  data = join(folder.path, 'data');
  const hub = await evidenceHub(data, { films: [film] });
  const { admin } = hub.kept.hub;
  const value = { username: 'quantri', name: 'Trần An', roles: ['admin'] as const, active: true };
  const userId = await saveUser(admin, {
    ...{ id: null, actor: 'test', value: { ...value, password: 'mat-khau-thu-nghiem' } },
  });
  const made = { userId, actor: 'test', name: 'sửa hình', scopes: ['footage'] as const, days: 1 };
  ({ token } = await issueToken(admin, made));
  ({ footageRoot: root } = hub);
  files = hub.segments[0] as readonly string[];
  for (const file of files) old(file);
  await admin.logSealer.seal();
  await hub.close();
}, 120_000);
afterAll(() => folder?.remove());

const path = (file: string) => join(root, file);
const old = (file: string) => utimesSync(path(file), OLD, OLD);
const command = (...args: string[]) => runProgram(hubBin, [...args, '--data', data, '--json']);

async function verify(): Promise<string[]> {
  const { lines } = await command('verify', '--files');
  const found = lines.filter(({ event, code, place }) => {
    const about = (place as { readonly table?: string } | undefined)?.table;
    return event === 'found' && (String(code).startsWith('footage.') || about === 'segment');
  });
  return [...new Set(found.map(({ code }) => String(code)))].sort();
}
async function repair(...more: string[]) {
  const { code, lines, stderr } = await command('footage', 'repair', '--token', token, ...more);
  const line = lines.find(({ event }) => event === 'found' || event === 'repaired') as
    | Record<string, { count: number; files: string[] }>
    | undefined;
  if (line === undefined) throw new Error(stderr);
  const counts = Object.entries(line).filter(([, value]) => (value?.count ?? 0) > 0);
  return { code, counts: Object.fromEntries(counts.map(([kind, { count }]) => [kind, count])) };
}
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
function inHub<T>(work: (db: Database.Database) => T): T {
  const db = new Database(databaseFile(data));
  try {
    return work(db);
  } finally {
    db.close();
  }
}
function inIndex<T>(work: (index: ReturnType<typeof openIndex>, db: Database.Database) => T): T {
  const index = openIndex(dirname(root));
  const db = new Database(join(dirname(root), 'index.sqlite'));
  try {
    return work(index, db);
  } finally {
    db.close();
    index.close();
  }
}
const idOf = (file: string) =>
  inHub((db) => db.prepare('SELECT id FROM segment WHERE file = ?').pluck().get(file)) as SegmentId;
const logged = (action: string) =>
  inHub((db) =>
    db.prepare('SELECT actor, body FROM audit_log WHERE action = ? ORDER BY seq').all(action),
  ) as { actor: string; body: string }[];

it.skipIf(!here)(
  'an index that was lost is made again from the hub’s rows, by command',
  async () => {
    expect(await verify()).toEqual([]);
    expect(await repair()).toEqual({ code: 1, counts: { unindexed: files.length } });
    expect(logged('footage.repaired')).toEqual([]);
    expect(await repair('--apply')).toEqual({ code: 0, counts: { unindexed: files.length } });
    expect(await verify()).toEqual([]);
    inIndex((index) =>
      expect(
        index
          .kept({}, 99)
          .map(({ id }) => id)
          .sort(),
      ).toEqual(files.map(idOf).sort()),
    );
    expect(await repair()).toEqual({ code: 0, counts: {} });
  },
  120_000,
);

it.skipIf(!here)(
  'every other kind is found, named, mended once, each in the log',
  async () => {
    const [lost, doomed, forgotten, held, doubled] = files as [string, string, string, string, string];
    const ids = new Map(files.map((file) => [file, idOf(file)]));
    const camera = lost.split('/')[0] as string;
    // A row without a file.
    rmSync(path(lost));
    // A row that the recorder alone has: the hub acknowledged it, and lost it before it came under a root.
    const untold = `${camera}/000950.mp4`;
    copyFileSync(film.files[0] as string, path(untold));
    old(untold);
    inIndex((index) => {
      const like = index.factsAfter(0, 999).find(({ fact }) => fact.kind === 'segment.closed')?.fact;
      if (like?.kind !== 'segment.closed') throw new Error('no segment');
      const id = '0197b000-0000-7000-8000-0000000000f1' as SegmentId;
      const [mediaStartMs, mediaEndMs] = [200_000, 204_000];
      const segment = { ...like.segment, id, file: untold, mediaStartMs, mediaEndMs };
      index.record([{ kind: 'segment.closed', segment }]);
      inHub((db) => db.prepare('UPDATE recorder_cursor SET cursor = ?').run(index.lastCursor()));
    });
    // A deletion whose file stayed: killed between row and file.
    inIndex((index) =>
      index.record([
        {
          kind: 'segment.deleted',
          id: ids.get(doomed) as SegmentId,
          at: (OLD * 1000) as never,
          reason: 'expired',
        },
      ]),
    );
    inHub((db) => {
      // Deleted by the hub's row, kept by the recorder, and held by now.
      db.prepare("UPDATE segment SET deleted_at = ?, deleted_reason = 'expired' WHERE id = ?").run(
        ...[OLD * 1000, ids.get(held)],
      );
      db.prepare(
        `INSERT INTO footage_hold (id, request, kind, camera_id, from_at, to_at, asked_by, asked_at, until)
       SELECT 'h', 'h', 'manual', ?, m.offset_ms + s.media_start_ms + 1000, m.offset_ms + s.media_end_ms - 1000, 'x', 1, ?
       FROM segment s JOIN run_mapping m ON m.run = s.run WHERE s.id = ?`,
      ).run(...[camera, Date.now() + 86_400_000, ids.get(held)]);
      // Two rows of one file, the younger one known to nobody else.
      db.exec(
        `CREATE TEMP TABLE t AS SELECT * FROM segment WHERE id = '${ids.get(doubled)}';
       UPDATE t SET id = 'ffffffff-0000-7000-8000-000000000000', logged_in = NULL; INSERT INTO segment SELECT * FROM t`,
      );
    });
    inIndex((_index, db) => {
      // A row that the recorder lost, its file there: its index was set back.
      db.prepare('DELETE FROM segment WHERE id = ?').run(ids.get(forgotten));
      db.prepare('DELETE FROM fact WHERE segment = ?').run(ids.get(forgotten));
    });
    // Files that no row names: a whole one, and one whose writing was cut off in its header.
    const [strange, half] = [`${camera}/000900.mp4`, `${camera}/000901.mp4`];
    for (const file of [strange, half]) copyFileSync(film.files[0] as string, path(file));
    truncateSync(path(half), 300);
    for (const file of [strange, half]) old(file);

    expect(await verify()).toEqual([
      ...['footage.doubled', 'footage.missing', 'footage.orphan', 'footage.unindexed', 'footage.untold'],
    ]);
    const first = await repair();
    expect(first).toEqual({
      code: 1,
      counts: { lost: 1, strange: 2, deleted: 1, unindexed: 2, untold: 1, held: 1 },
    });
    const before = readdirSync(join(root, camera)).length;
    expect(await repair('--apply')).toEqual({ code: 0, counts: first.counts });

    // Only what is held and said to be deleted is still apart: its file is kept.
    expect((await verify()).filter((code) => code !== 'footage.orphan')).toEqual(['footage.untold']);
    expect([doomed, half].map((file) => existsSync(path(file)))).toEqual([false, false]);
    expect([untold, forgotten, held, doubled, strange].map((file) => existsSync(path(file)))).toEqual(
      Array(5).fill(true),
    );
    expect(readdirSync(join(root, camera)).length).toBe(before - 2);
    const mended = logged('footage.repaired').slice(1);
    expect(mended.every(({ actor }) => actor === 'user:quantri')).toBe(true);
    const named = new Set(
      mended.flatMap(({ body }) => Object.values(JSON.parse(body) as object).flatMap((each) => each.files)),
    );
    expect([lost, doomed, forgotten, strange, half].filter((file) => !named.has(file))).toEqual([]);
    // Deletions are under a root now, each with its reason and who asked.
    inHub((db) => {
      const rows = db
        .prepare(
          'SELECT file, deleted_reason AS reason, deleted_by AS "by" FROM segment WHERE deletion_logged_in IS NOT NULL ORDER BY file, id',
        )
        .all();
      expect(rows).toEqual(
        expect.arrayContaining([
          { file: lost, reason: 'lost', by: 'user:quantri' },
          { file: doomed, reason: 'expired', by: null },
        ]),
      );
    });

    // Nothing is left to be done, and nothing is done.
    const rows = () => inHub((db) => db.prepare('SELECT count(*), max(seq) FROM audit_log').raw().get());
    const log = rows();
    expect(await repair('--apply')).toEqual({ code: 0, counts: { held: 1 } });
    expect(rows()).toEqual(log);
    inHub((db) => db.exec("UPDATE footage_hold SET ended_at = 1 WHERE id = 'h'"));
    expect((await repair('--apply')).counts).toEqual({ deleted: 1 });
    expect([existsSync(path(held)), await verify()]).toEqual([false, []]);
  },
  180_000,
);

it.skipIf(!here)(
  'killed in the middle it is begun again, and comes to the same',
  async () => {
    const camera = (files[0] as string).split('/')[0] as string;
    /** What the run before has mended does not come again: each has its own, whatever time that one had until its end. */
    const strangers = (from: number) =>
      Array.from({ length: 24 }, (_, i) => `${camera}/${String(from + i).padStart(6, '0')}.mp4`);
    const strange = [strangers(800), strangers(850)];
    const gone = files.slice(8, 11);
    for (const file of gone) rmSync(path(file));
    for (const [round, after] of [1, 7].entries()) {
      for (const [i, file] of (strange[round] as string[]).entries()) {
        copyFileSync(film.files[0] as string, path(file));
        if (i % 3 === 0) truncateSync(path(file), 300);
        old(file);
      }
      const child = spawn(
        process.execPath,
        [hubBin, 'footage', 'repair', '--apply', '--token', token, '--data', data, '--json'],
        { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
      );
      let seen = 0;
      for await (const line of createInterface({ input: child.stderr }))
        if (/recovered,|removed/.test(line) && ++seen === after) {
          // The command and the recorder that it started; on a slow machine it may have come to its end since it said so.
          if ((child.exitCode ?? child.signalCode) === null) killGroup(child.pid as number);
          break;
        }
      expect(seen).toBe(after);
      await new Promise((done) =>
        (child.exitCode ?? child.signalCode) === null ? child.once('exit', done) : done(null),
      );
    }
    const again = await repair('--apply');
    expect(again.code).toBe(0);
    expect(await verify()).toEqual([]);
    expect(await repair()).toEqual({ code: 0, counts: {} });
    const kept = inHub((db) =>
      db
        .prepare('SELECT file FROM segment WHERE deleted_at IS NULL AND file > ? AND file < ? ORDER BY file')
        .pluck()
        .all(`${camera}/0008`, `${camera}/0009`),
    );
    expect(kept).toEqual(strange.flatMap((each) => each.filter((_, i) => i % 3 !== 0)));
    expect(strange.flat().filter((file) => existsSync(path(file)))).toEqual(kept);
  },
  180_000,
);
