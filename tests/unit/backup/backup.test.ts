/* Purpose: a backup is whole, signed and sealed; every flipped byte of it is found and named; it opens by its own key only. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import { backupHead, backupManifest } from '@hailong/shared/protocol/backup.ts';
import Database from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { checkBackup } from '../../../hub-server/src/adapters/backup/check-backup.ts';
import { readMadeBackup } from '../../../hub-server/src/adapters/backup/made-backup.ts';
import { openBackup } from '../../../hub-server/src/adapters/backup/open-backup.ts';
import { type WrittenBackup, writeBackup } from '../../../hub-server/src/adapters/backup/write-backup.ts';
import { mintRecoveryKey, readRecoveryKey } from '../../../hub-server/src/adapters/recovery-key.ts';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { unwatched } from '../../../hub-server/src/application/ports/progress.ts';
import { recordBackup } from '../../../hub-server/src/application/record-backup.ts';
import { Verdict } from '../../../hub-server/src/domain/verify/finding.ts';
import { type KeptHub, keptHub } from '../../support/kept-hub.ts';
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts';

let folder: TempFolder;
let kept: KeptHub;
let written: WrittenBackup;

beforeAll(async () => {
  folder = await tempFolder('backup');
  kept = await keptHub(join(folder.path, 'hub'));
  for (let k = 0; k < 2; k++) {
    const kiosk = await kept.enrol();
    for (let n = 0; n < 3; n++) kiosk.device.serve(kiosk.chains[0]!, kiosk.place, { level: 4 });
    await kept.sync(kiosk);
  }
  written = await backUp();
  return async () => {
    await kept.close();
    await folder.remove();
  };
});

function backUp(): Promise<WrittenBackup> {
  const { keys, clock } = kept.hub;
  return writeBackup({
    ...{ dataDir: kept.dir, into: join(folder.path, 'medium'), at: clock.now(), build: 'test', keys },
    ...{ withKeys: true, progress: unwatched },
  });
}

function found(dir: string, hubKey: string | null = kept.hub.keys.publicKey) {
  const verdict = new Verdict();
  checkBackup(dir, hubKey, verdict, unwatched);
  return verdict.first;
}

test('a backup of a live hub holds every chain, the keys sealed, and reads back good', async () => {
  expect(written.verdict.found).toBe(0);
  expect(found(written.folder)).toBeNull();
  const { manifest } = written;
  expect(manifest.heads).toMatchObject({ epochs: 2, events: 38 });
  expect(manifest.keys).toBe('sealed');
  const heads = readFileSync(join(written.folder, 'heads.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => backupHead.parse(JSON.parse(line)));
  expect(heads.map(({ seq }) => seq)).toEqual([19, 19]);
  for (const file of readdirSync(written.folder)) {
    expect(statSync(join(written.folder, file)).mode & 0o077).toBe(0);
    const text = readFileSync(join(written.folder, file), 'latin1');
    expect(text).not.toContain('PRIVATE KEY');
  }
  const copy = new Database(join(written.folder, 'hub.sqlite'), { readonly: true });
  expect(copy.pragma('journal_mode', { simple: true })).toBe('delete');
  copy.close();
});

test('generations stand beside each other', async () => {
  const again = await backUp();
  expect(again.folder).not.toBe(written.folder);
  expect(found(written.folder)).toBeNull();
  expect(found(again.folder)).toBeNull();
});

test('any flipped byte of any file is found, in its file and block', () => {
  const dir = join(folder.path, 'flipped');
  mkdirSync(dir);
  const files = readdirSync(written.folder);
  const original = new Map(files.map((name) => [name, readFileSync(join(written.folder, name))]));
  for (const [name, bytes] of original) writeFileSync(join(dir, name), bytes);
  let seed = 12_345;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  for (const [name, bytes] of original)
    for (let n = 0; n < 12 && bytes.length > 0; n++) {
      const at = n < 2 ? n * (bytes.length - 1) : random(bytes.length);
      const changed = Buffer.from(bytes);
      changed[at] = changed[at]! ^ (1 << random(8));
      writeFileSync(join(dir, name), changed);
      const seen = found(dir);
      // Whether a manifest or its signature was changed, only both together do not fit.
      const place = seen?.code === 'backup.signature' ? /manifest\.(json|sig)$/ : new RegExp(`/${name}$`);
      expect(seen?.place.file, `${name} byte ${at}`).toMatch(place);
      writeFileSync(join(dir, name), bytes);
    }
  expect(found(dir)).toBeNull();
});

test('a missing, longer, shorter or strange file is found', () => {
  const dir = join(folder.path, 'changed');
  mkdirSync(dir);
  const copy = () => {
    for (const name of readdirSync(written.folder))
      writeFileSync(join(dir, name), readFileSync(join(written.folder, name)));
  };
  copy();
  writeFileSync(join(dir, 'hub.sqlite-wal'), 'x');
  expect(found(dir)).toMatchObject({ code: 'backup.file' });
  const heads = readFileSync(join(dir, 'heads.jsonl'));
  const other = join(folder.path, 'other');
  mkdirSync(other);
  for (const name of readdirSync(written.folder))
    writeFileSync(join(other, name), readFileSync(join(written.folder, name)));
  writeFileSync(join(other, 'heads.jsonl'), Buffer.concat([heads, Buffer.from('\n')]));
  expect(found(other)?.place.file).toContain('heads.jsonl');
  writeFileSync(join(other, 'heads.jsonl'), heads.subarray(0, -1));
  expect(found(other)?.place.file).toContain('heads.jsonl');
  expect(found(join(folder.path, 'nothing'))).toMatchObject({ code: 'backup.missing' });
});

test('a manifest signed by another key is refused, also with its own key named inside', () => {
  const dir = join(folder.path, 'forged');
  mkdirSync(dir);
  for (const name of readdirSync(written.folder))
    writeFileSync(join(dir, name), readFileSync(join(written.folder, name)));
  const manifest = backupManifest.parse(JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')));
  writeFileSync(
    join(dir, 'manifest.json'),
    `${JSON.stringify({ ...manifest, heads: { ...manifest.heads, events: 1 } })}\n`,
  );
  expect(found(dir)).toMatchObject({ code: 'backup.signature' });
});

test('its keys open by the recovery key of this hub and by no other', () => {
  const recovery = readRecoveryKey(`  ${kept.recoveryKey}\n`);
  const good = openBackup(written.folder, recovery, unwatched);
  expect(good.keys.hubKey).toBe(readFileSync(join(kept.dir, 'keys/hub.key'), 'utf8'));
  const code = (run: () => unknown): string | undefined => {
    try {
      run();
    } catch (error) {
      return error instanceof CodedError ? error.code : String(error);
    }
    return undefined;
  };
  expect(code(() => openBackup(written.folder, mintRecoveryKey(), unwatched))).toBe('restore.wrong_key');
  expect(code(() => readRecoveryKey('hailong-recovery-1:AAAA'))).toBe('restore.wrong_key');
});

test('data with a damaged chain is backed up, named, and that chain is not among its heads', async () => {
  const dir = join(folder.path, 'damaged');
  const other = await keptHub(dir);
  const kiosk = await other.enrol();
  kiosk.device.serve(kiosk.chains[0]!, kiosk.place);
  await other.sync(kiosk);
  await other.close();
  const db = new Database(databaseFile(dir));
  db.exec(
    'UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), \'"level":5\', \'"level":1\') AS BLOB)',
  );
  db.close();
  const { keys, clock } = other.hub;
  const made = await writeBackup({
    ...{ dataDir: dir, into: join(folder.path, 'medium2'), at: clock.now(), build: 'test', keys },
    ...{ withKeys: false, progress: unwatched },
  });
  expect(made.verdict.first).toMatchObject({ code: 'event.hash', place: { seq: 6 } });
  expect(made.manifest.heads.epochs).toBe(0);
  expect(made.manifest.keys).toBe('left-out');
});

test('what lies on a second medium is safe: only forward, only where the chain holds that very hash', async () => {
  const { backups } = kept.hub.storage;
  const { heads, backup } = readMadeBackup(kept.dir, written.folder, kept.hub.keys.publicKey);
  const all = [...heads];
  const parts = { backups, safeMoved: null };
  // The test's folder is on the data's own device: no second medium, nothing moves.
  expect(backup.secondMedium).toBe(false);
  expect(await recordBackup(parts, backup, all)).toBe(0);
  const [head] = all;
  const asked = { device: head!.device, epochs: [head!.epoch] };
  expect(await backups.safe(asked)).toEqual([]);
  let told = 0;
  const other = { ...backup, name: 'elsewhere', secondMedium: true };
  const moved = await recordBackup({ backups, safeMoved: async () => void told++ }, other, all);
  expect([moved, told]).toEqual([2, 1]);
  expect(await backups.safe(asked)).toEqual([{ epoch: head!.epoch, seq: head!.seq }]);
  // An older backup moves nothing back, and a head that is not ours moves nothing at all.
  const wrong = [
    { ...head!, seq: 3 },
    { ...head!, hash: 'ab'.repeat(32) },
  ] as typeof all;
  expect(await backups.makeSafe({ heads: wrong })).toBe(0);
  expect(await backups.safe(asked)).toEqual([{ epoch: head!.epoch, seq: head!.seq }]);
  expect(await backups.newest()).toMatchObject({ at: backup.at });
});
