/**
 * Purpose: one backup, in order: copy of the database out of one snapshot, what lies in it, keys sealed to the recovery
 *   box, hashes of what was written, manifest and signature, everything synced, and only then its name.
 * Refuses: to overwrite; to hold a key unsealed. An epoch whose chain does not hold in the copy is no part of its heads.
 * Document: hub-server/DESIGN.md, "Backup".
 */
import { hash, randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import {
  BACKUP_VERSION,
  type BackupManifest,
  DATABASE_FILE,
  FOOTAGE_FILE,
  HEADS_FILE,
  KEYS_FILE,
  MANIFEST_FILE,
  SIGNATURE_FILE,
  signedManifest,
} from '@hailong/shared/protocol/backup.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { Progress } from '../../application/ports/progress.ts';
import { findingText, Verdict } from '../../domain/verify/finding.ts';
import { type HubKeys, readKeyFiles } from '../keys.ts';
import { sealTo } from '../recovery-key.ts';
import { copyDatabase, countsOf, footageOf, identityOf, lineageOf } from '../sqlite/online-copy.ts';
import { databaseFile } from '../sqlite/open-database.ts';
import { goodHeads } from '../sqlite/verify-chains.ts';
import { newestCheckpoint } from '../sqlite/verify-log.ts';
import { integrityLines, openSnapshot, type Snapshot } from '../sqlite/verify-reader.ts';
import { checkBackup } from './check-backup.ts';
import { describeFile, sizeOf, syncPath, writeSynced } from './hashed-files.ts';

export interface BackupRequest {
  readonly dataDir: string;
  /** The folder that holds the generations. */
  readonly into: string;
  readonly at: UtcMs;
  readonly build: string;
  readonly keys: HubKeys;
  readonly withKeys: boolean;
  readonly progress: Progress;
}

export interface WrittenBackup {
  readonly folder: string;
  readonly manifest: BackupManifest;
  /** What is wrong with the data itself; what does not read back was refused. */
  readonly verdict: Verdict;
}

const stamp = (at: number): string => new Date(at).toISOString().replace(/[-:]/g, '').slice(0, 15);

/** Lines of a file, one JSON object each, as they come. */
function* lines(rows: Iterable<unknown>): Iterable<string> {
  for (const row of rows) yield `${JSON.stringify(row)}\n`;
}

export async function writeBackup(request: BackupRequest): Promise<WrittenBackup> {
  const { into, at, progress } = request;
  mkdirSync(into, { recursive: true, mode: 0o700 });
  const name = `hailong-${stamp(at)}Z-${randomBytes(4).toString('hex')}`;
  const folder = join(into, name);
  // A folder of this ending was never finished and may be removed by anybody.
  const part = `${folder}.part`;
  mkdirSync(part, { mode: 0o700 });
  const verdict = new Verdict();
  try {
    const manifest = await fill(part, name, request, verdict);
    if (lstatSync(folder, { throwIfNoEntry: false })) throw new CodedError('internal.unexpected', folder);
    renameSync(part, folder);
    syncPath(into);
    const readBack = new Verdict();
    checkBackup(folder, manifest.hubKey, readBack, progress);
    if (readBack.first) throw new CodedError('backup.damaged', findingText(readBack.first).en);
    return { folder, manifest, verdict };
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOSPC' || code === 'SQLITE_FULL') throw new CodedError('program.disk_full', into);
    throw error;
  }
}

async function fill(
  part: string,
  name: string,
  request: BackupRequest,
  verdict: Verdict,
): Promise<BackupManifest> {
  const { dataDir, keys, progress } = request;
  const database = join(part, DATABASE_FILE);
  const source = databaseFile(dataDir);
  progress.begin({ vi: 'Sao chép cơ sở dữ liệu', en: 'Copying the database' }, sizeOf(source), 'bytes');
  await copyDatabase(source, database, (bytes) => progress.at(bytes));
  progress.end();
  syncPath(database);
  const snapshot = openSnapshot(database);
  let head: Omit<BackupManifest, 'files'>;
  try {
    head = describeDatabase(part, name, request, snapshot, verdict);
  } finally {
    snapshot.close();
  }
  if (head.keys === 'sealed' && head.recoveryBox !== null)
    writeSynced(join(part, KEYS_FILE), [sealTo(head.recoveryBox, JSON.stringify(readKeyFiles(dataDir)))]);

  const names = [DATABASE_FILE, HEADS_FILE, FOOTAGE_FILE, ...(head.keys === 'sealed' ? [KEYS_FILE] : [])];
  const total = names.reduce((sum, each) => sum + sizeOf(join(part, each)), 0);
  progress.begin({ vi: 'Băm các tệp', en: 'Hashing the files' }, total, 'bytes');
  let before = 0;
  const files = names.map((each) => {
    const file = describeFile(join(part, each), each, (bytes) => progress.at(before + bytes));
    before += file.bytes;
    return file;
  });
  progress.end();
  const manifest: BackupManifest = { ...head, files };
  const bytes = Buffer.from(`${JSON.stringify(manifest)}\n`, 'utf8');
  writeSynced(join(part, MANIFEST_FILE), [bytes]);
  const sig = keys.sign(signedManifest(hash('sha256', bytes, 'hex')));
  writeSynced(join(part, SIGNATURE_FILE), [`${sig}\n`]);
  syncPath(part);
  return manifest;
}

/** Writes the two lists and answers what the manifest says of the copy. */
function describeDatabase(
  part: string,
  name: string,
  { at, build, keys, withKeys, progress }: BackupRequest,
  snapshot: Snapshot,
  verdict: Verdict,
): Omit<BackupManifest, 'files'> {
  const identity = identityOf(snapshot);
  if (identity === null) throw new CodedError('internal.unexpected', 'no identity in the data');
  for (const line of integrityLines(snapshot))
    verdict.find('database.inconsistent', { file: DATABASE_FILE }, line);
  let epochs = 0;
  const heads = goodHeads(snapshot, verdict, progress);
  writeSynced(
    join(part, HEADS_FILE),
    (function* () {
      for (const line of lines(heads)) {
        epochs++;
        yield line;
      }
    })(),
  );
  const footage = { copied: false as const, segments: 0, bytes: 0 };
  writeSynced(
    join(part, FOOTAGE_FILE),
    (function* () {
      for (const file of footageOf(snapshot)) {
        footage.segments++;
        footage.bytes += file.bytes;
        yield `${JSON.stringify(file)}\n`;
      }
    })(),
  );
  const { schema, events, aside } = countsOf(snapshot);
  return {
    ...{ v: BACKUP_VERSION, name, at, build, schema, lineage: lineageOf(snapshot) },
    ...{ hubKey: keys.publicKey, recoveryKey: identity.recoveryKey },
    ...{ recoveryBox: identity.recoveryBox ?? null, charter: identity.charter ?? null },
    checkpoint: newestCheckpoint(snapshot),
    heads: { epochs, events, aside },
    footage,
    keys: withKeys && identity.recoveryBox !== undefined ? 'sealed' : 'left-out',
  };
}
