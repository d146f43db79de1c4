/*
 * Purpose: a restore makes a hub again out of a whole backup of this hub, by its recovery key and two people, and nothing
 * else: kiosks follow it by the recovery key's word, and the restored data verifies.
 */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import { acceptCheckpoint } from '@hailong/shared/log/advance.ts';
import Database from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { writeBackup } from '../../../hub-server/src/adapters/backup/write-backup.ts';
import { loadHubKeys, verifySignature } from '../../../hub-server/src/adapters/keys.ts';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { verifyData } from '../../../hub-server/src/adapters/verify/verify-data.ts';
import { unwatched } from '../../../hub-server/src/application/ports/progress.ts';
import { readFlags } from '../../../hub-server/src/commands/command-line.ts';
import { openHub } from '../../../hub-server/src/commands/open-hub.ts';
import { restore, twoPeople } from '../../../hub-server/src/commands/restore.ts';
import { type KeptKiosk, keptHub } from '../../support/kept-hub.ts';
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts';
import { sha256 } from '../../support/test-device.ts';
import { witnessFile } from '../../support/witness-file.ts';

let folder: TempFolder;
let kiosk: KeptKiosk;
let backup: string;
let keyFile: string;
const path = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  folder = await tempFolder('restore');
  await using kept = await keptHub(path('hub'));
  kiosk = await kept.enrol();
  kiosk.device.serve(kiosk.chains[0]!, kiosk.place, { level: 3 });
  await kept.sync(kiosk);
  await kept.witness(kiosk);
  const { keys, clock } = kept.hub;
  const written = await writeBackup({
    ...{ dataDir: kept.dir, into: path('medium'), at: clock.now(), build: 'test', keys },
    ...{ withKeys: true, progress: unwatched },
  });
  backup = written.folder;
  keyFile = path('recovery.txt');
  writeFileSync(keyFile, `${kept.recoveryKey}\n`);
  // What came after the backup: lost with the hub, but not at the kiosk.
  kiosk.device.serve(kiosk.chains[0]!, kiosk.place, { level: 1 });
  await kept.sync(kiosk);
  await kept.witness(kiosk);
  return () => folder.remove();
});

async function run(data: string, options: { from?: string; key?: string; by?: string[] } = {}) {
  const { from = backup, key = keyFile, by = ['Lê An', 'Trần Bình'] } = options;
  const argv = [
    from,
    '--data',
    data,
    '--recovery-key',
    key,
    ...by.flatMap((name) => ['--by', name]),
    '--json',
  ];
  try {
    return await restore(readFlags(argv, ['data', 'recovery-key', 'by'], ['json']));
  } catch (error) {
    return error instanceof CodedError ? error.code : String(error);
  }
}

test('two people are two different people', () => {
  expect(twoPeople([' Lê  An', 'Trần Bình'])).toEqual(['Lê An', 'Trần Bình']);
  for (const by of [
    [],
    ['An'],
    ['An', ' aN '],
    ['An', ''],
    ['An', 'Bình', 'Chi'],
    ['Lê An', 'Lê An'.normalize('NFD')],
  ])
    expect(() => twoPeople(by), by.join('|')).toThrow('restore.two_people');
});

test('the restored hub has its keys, its data, another log, and its kiosks follow it', async () => {
  const data = path('new');
  expect(await run(data)).toBe(0);
  expect(readFileSync(join(data, 'keys/hub.key'))).toEqual(readFileSync(path('hub/keys/hub.key')));
  const { verdict, events } = verifyData({
    ...{ dataDir: data, files: true, backups: [backup], witnesses: [], progress: unwatched },
  });
  expect(verdict.findings).toEqual([]);
  expect(events).toBe(7);
  const hub = await openHub(data);
  try {
    expect(hub.identity.lineage).toMatch(/^r-/);
    const checkpoint = await hub.logSealer.seal();
    const successions = await hub.storage.log.successions();
    const held = kiosk.device.checkpoint;
    const advance = acceptCheckpoint(
      ...[held, { checkpoint: checkpoint!, successions }, kiosk.enrolled, verifySignature, sha256],
    );
    expect(advance).toMatchObject({ kind: 'accepted', successions: [{ by: ['Lê An', 'Trần Bình'] }] });
    const forged = { ...successions[0]!, sig: loadHubKeys(data).sign(Buffer.from(successions[0]!.bytes)) };
    expect(
      acceptCheckpoint(
        ...[
          held,
          { checkpoint: checkpoint!, successions: [forged] },
          kiosk.enrolled,
          verifySignature,
          sha256,
        ],
      ),
    ).toEqual({ kind: 'refused', reason: 'other-origin' });
    // What the kiosk holds beyond the backup is missing until it connects, and its witness says so.
    writeFileSync(path('witness'), witnessFile(kiosk));
    const seen = verifyData({
      ...{ dataDir: data, files: false, backups: [], witnesses: [path('witness')], progress: unwatched },
    }).verdict;
    expect(seen.findings).toMatchObject([{ code: 'witness.missing', place: { seq: 8, to: 13 } }]);
    expect(seen.unproven.map(({ code }) => code)).toContain('log.left_behind');
  } finally {
    await hub.close();
  }
});

test('refuses a folder with anything in it, and a running hub', async () => {
  const data = path('busy');
  const hub = await openHub(data);
  expect(await run(data)).toBe('program.data_locked');
  await hub.close();
  expect(await run(data)).toBe('restore.not_empty');
  expect(await run(path('one'), { by: ['An', 'an'] })).toBe('restore.two_people');
});

test('refuses a damaged backup, another key, and leaves nothing behind', async () => {
  const damaged = path('damaged');
  cpSync(backup, damaged, { recursive: true });
  const file = join(damaged, 'hub.sqlite');
  const bytes = readFileSync(file);
  bytes[70_000] = bytes[70_000]! ^ 1;
  writeFileSync(file, bytes);
  expect(await run(path('d1'), { from: damaged })).toBe('backup.damaged');
  await using other = await keptHub(path('other'));
  writeFileSync(path('other-key'), other.recoveryKey);
  expect(await run(path('d1'), { key: path('other-key') })).toBe('restore.wrong_key');
  expect(existsSync(path('d1'))).toBe(false);
  expect(readdirSync(folder.path).filter((name) => name.includes('restoring'))).toEqual([]);
});

test('refuses a backup that somebody signed with a key of their own, sealed to the same box', async () => {
  const forged = await keptHub(path('forged'));
  await forged.close();
  const identity = (dir: string): string => {
    const db = new Database(databaseFile(dir), { readonly: true });
    const text = db.prepare("SELECT value FROM meta WHERE key = 'identity'").pluck().get() as string;
    db.close();
    return text;
  };
  const ours = JSON.parse(identity(path('hub'))) as Record<string, string>;
  const theirs = JSON.parse(identity(path('forged'))) as Record<string, string>;
  const db = new Database(databaseFile(path('forged')));
  db.prepare("UPDATE meta SET value = ? WHERE key = 'identity'").run(
    JSON.stringify({ ...ours, hubKey: theirs['hubKey'] }),
  );
  db.close();
  const { folder: from } = await writeBackup({
    ...{ dataDir: path('forged'), into: path('medium3'), at: Date.now() as never, build: 'test' },
    ...{ keys: loadHubKeys(path('forged')), withKeys: true, progress: unwatched },
  });
  expect(await run(path('f1'), { from })).toBe('backup.damaged');
});
