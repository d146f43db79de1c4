/**
 * Purpose: a backup as a restore may use it: every byte as signed, signed by the hub key that this recovery key has
 *   chartered, with that hub key inside, sealed to it.
 * Refuses: a damaged or foreign backup (naming the first bad place), another recovery key, a backup without keys.
 * Document: hub-server/DESIGN.md, "Restore".
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import { type BackupManifest, DATABASE_FILE, KEYS_FILE } from '@hailong/shared/protocol/backup.ts';
import type { Progress } from '../../application/ports/progress.ts';
import { findingText, Verdict } from '../../domain/verify/finding.ts';
import { hubPublicKeyOf, type KeyFiles, writeKeyFiles } from '../keys.ts';
import { charterHolds, type RecoveryKey } from '../recovery-key.ts';
import { databaseFile } from '../sqlite/open-database.ts';
import { checkBackup } from './check-backup.ts';
import { readBlocks, syncPath } from './hashed-files.ts';

export interface GoodBackup {
  readonly folder: string;
  readonly manifest: BackupManifest;
  readonly keys: KeyFiles;
}

export function openBackup(folder: string, recovery: RecoveryKey, progress: Progress): GoodBackup {
  const verdict = new Verdict();
  const manifest = checkBackup(folder, null, verdict, progress);
  if (verdict.first !== null || manifest === null)
    throw new CodedError('backup.damaged', verdict.first ? findingText(verdict.first).en : folder);
  if (manifest.recoveryKey !== recovery.publicKey) throw new CodedError('restore.wrong_key');
  const { hubKey, charter } = manifest;
  if (manifest.keys !== 'sealed') throw new CodedError('restore.no_keys');
  // Anybody can seal a text to the box, and sign a manifest with a key of their own: only the charter tells.
  if (charter === null || !charterHolds(recovery.publicKey, hubKey, recovery.box, charter))
    throw new CodedError('backup.damaged', 'the hub key has no charter of this recovery key');
  const keys = JSON.parse(recovery.open(readFileSync(join(folder, KEYS_FILE), 'utf8'))) as KeyFiles;
  if (hubPublicKeyOf(keys.hubKey) !== hubKey) throw new CodedError('backup.damaged', KEYS_FILE);
  return { folder, manifest, keys };
}

/** Database and keys into an empty folder, synced; the bytes written are the bytes that were signed. */
export function unpackBackup(
  { folder, manifest, keys }: GoodBackup,
  dataDir: string,
  progress: Progress,
): void {
  mkdirSync(dataDir, { mode: 0o700 });
  const wanted = manifest.files.find(({ name }) => name === DATABASE_FILE);
  if (!wanted) throw new CodedError('backup.damaged', DATABASE_FILE);
  progress.begin({ vi: 'Chép dữ liệu', en: 'Copying the data' }, wanted.bytes, 'bytes');
  const fd = openSync(databaseFile(dataDir), 'wx', 0o600);
  try {
    let done = 0;
    const { sha256 } = readBlocks(join(folder, DATABASE_FILE), wanted.blockBytes, ({ bytes }) => {
      for (let at = 0; at < bytes.byteLength; ) at += writeSync(fd, bytes, at);
      done += bytes.byteLength;
      progress.at(done);
    });
    fsyncSync(fd);
    if (sha256 !== wanted.sha256) throw new CodedError('backup.damaged', DATABASE_FILE);
  } finally {
    closeSync(fd);
  }
  progress.end();
  writeKeyFiles(dataDir, keys);
  syncPath(dataDir);
}
