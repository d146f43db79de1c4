/**
 * Purpose: a written backup as the hub records it: its signed manifest, the heads inside, and whether it lies on another
 *   filesystem device than the data.
 * Refuses: a folder whose manifest or list of heads is not as this hub signed it.
 * Document: hub-server/DESIGN.md, "Second medium".
 */
import { hash } from 'node:crypto';
import { readFileSync, statfsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import { type BackupHead, backupHead, HEADS_FILE, MANIFEST_FILE } from '@hailong/shared/protocol/backup.ts';
import type { MadeBackup } from '../../application/ports/backups.ts';
import { findingText, Verdict } from '../../domain/verify/finding.ts';
import { databaseFile } from '../sqlite/open-database.ts';
import { readManifest } from './check-backup.ts';

/** Linux's numbers of filesystems that live in memory: tmpfs, ramfs. */
const IN_MEMORY = [0x01021994, 0x858458f6];

/**
 * Two folders of one device are lost together; another device is the sign of another medium, not its proof. Memory is
 * no medium at all.
 */
export function onSecondMedium(dataDir: string, folder: string): boolean {
  if (IN_MEMORY.includes(statfsSync(folder).type)) return false;
  return statSync(databaseFile(dataDir)).dev !== statSync(folder).dev;
}

export function readMadeBackup(
  dataDir: string,
  folder: string,
  hubKey: string,
): { backup: MadeBackup; heads: Iterable<BackupHead> } {
  const verdict = new Verdict();
  const manifest = readManifest(folder, hubKey, verdict);
  const refuse = (detail: string): CodedError => new CodedError('backup.damaged', detail);
  if (manifest === null) throw refuse(verdict.first ? findingText(verdict.first).en : folder);
  const wanted = manifest.files.find(({ name }) => name === HEADS_FILE);
  const text = readFileSync(join(folder, HEADS_FILE));
  if (wanted?.sha256 !== hash('sha256', text, 'hex')) throw refuse(join(folder, HEADS_FILE));
  return {
    backup: {
      name: basename(folder),
      at: manifest.at,
      path: resolve(folder),
      manifest: hash('sha256', readFileSync(join(folder, MANIFEST_FILE)), 'hex'),
      secondMedium: onSecondMedium(dataDir, folder),
    },
    heads: (function* () {
      for (const line of text.toString('utf8').split('\n'))
        if (line !== '') yield backupHead.parse(JSON.parse(line));
    })(),
  };
}
