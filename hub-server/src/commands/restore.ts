/**
 * Purpose: `hailong-hub restore DIR --data NEW --recovery-key FILE --by A --by B`: a backup becomes a hub again, under a new
 *   lineage that the recovery key and two people state.
 * Refuses: a folder that is not empty, a running hub, a damaged or foreign backup (naming the bad place), another
 *   recovery key, fewer than two different people. NEW gets its name when everything in it is on disk.
 * Document: hub-server/DESIGN.md, "Restore".
 */
import { hash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import { logOrigin } from '@hailong/shared/log/checkpoint.ts';
import { MANIFEST_FILE } from '@hailong/shared/protocol/backup.ts';
import type { SignedStatement, Succession } from '@hailong/shared/protocol/edge.ts';
import { syncPath } from '../adapters/backup/hashed-files.ts';
import { type GoodBackup, openBackup, unpackBackup } from '../adapters/backup/open-backup.ts';
import { systemClock } from '../adapters/clock.ts';
import { deviceIdOf } from '../adapters/keys.ts';
import { type RecoveryKey, readRecoveryKey } from '../adapters/recovery-key.ts';
import { createSecrets } from '../adapters/secrets.ts';
import { lockData } from '../adapters/sqlite/data-lock.ts';
import { restoreData } from '../adapters/sqlite/restore-data.ts';
import { areTwo } from '../domain/access/two-people.ts';
import { type ExitCode, type Flags, json, readNamed, say } from './command-line.ts';
import { processProgress } from './progress.ts';

/** One person under two spellings is one person. */
export function twoPeople(names: readonly string[]): readonly [string, string] {
  const people = names.map((name) => name.normalize('NFC').trim().replace(/\s+/g, ' '));
  const [a, b] = people;
  if (!areTwo(people) || !a || !b || people.some((name) => name.length > 80))
    throw new CodedError('restore.two_people');
  return [a, b];
}

function needEmpty(dataDir: string): void {
  if (!existsSync(dataDir)) return;
  // A hub that runs there says so first: its folder is not empty either.
  if (existsSync(join(dataDir, 'hub.lock'))) lockData(dataDir).release();
  if (readdirSync(dataDir).length > 0) throw new CodedError('restore.not_empty', dataDir);
}

export async function restore(flags: Flags): Promise<ExitCode> {
  const [folder, ...more] = flags.words;
  if (folder === undefined || more.length > 0) throw new CodedError('program.usage', 'restore DIR');
  const dataDir = resolve(flags.need('data'));
  const by = twoPeople(flags.all('by'));
  const recovery = readRecoveryKey(readNamed(flags.need('recovery-key')));
  needEmpty(dataDir);
  const progress = processProgress(flags.has('json'));
  const backup = openBackup(folder, recovery, progress);
  const part = `${dataDir}.restoring-${randomBytes(4).toString('hex')}`;
  let origin: string;
  const lineage = `r-${createSecrets().id()}`;
  try {
    unpackBackup(backup, part, progress);
    origin = restoreInto(part, backup, recovery, by, lineage);
    needEmpty(dataDir);
    // Over an absent or empty folder only: anything else refuses the rename too.
    renameSync(part, dataDir);
    syncPath(dirname(dataDir));
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
      throw new CodedError('program.disk_full', dataDir);
    throw error;
  }
  report(flags, dataDir, backup, lineage, origin);
  return 0;
}

function restoreInto(
  part: string,
  { folder, manifest }: GoodBackup,
  recovery: RecoveryKey,
  by: readonly [string, string],
  lineage: string,
): string {
  const at = systemClock.now();
  const origin = logOrigin(deviceIdOf(Buffer.from(manifest.hubKey, 'base64url')), lineage);
  const said = (from: Succession['from']): SignedStatement => {
    const succession: Succession = { v: 'hailong-restore-v1', from, origin, lineage, by: [...by], at };
    const bytes = Buffer.from(JSON.stringify(succession), 'utf8');
    return { bytes: bytes.toString('base64url'), sig: recovery.sign(bytes) };
  };
  const started = restoreData(part, {
    ...{ lineage, by, at, state: said },
    backup: {
      ...{ name: manifest.name, at: manifest.at },
      manifest: hash('sha256', readFileSync(join(folder, MANIFEST_FILE)), 'hex'),
    },
  });
  for (const name of readdirSync(part)) syncPath(join(part, name));
  syncPath(part);
  return started;
}

function report(
  flags: Flags,
  dataDir: string,
  { manifest }: GoodBackup,
  lineage: string,
  origin: string,
): void {
  const { name, at, heads, footage } = manifest;
  if (flags.has('json'))
    json({ event: 'restored', data: dataDir, backup: name, at, lineage, origin, heads, footage });
  say(`Đã khôi phục vào ${dataDir}`, `Restored into ${dataDir}`);
  say(
    'Khi khởi động, máy chủ chờ mọi thiết bị gửi lại phần mới hơn; số liệu chưa xuất được cho tới lúc đó.',
    'When started, the hub waits until every kiosk has sent what is newer; no figures leave it before that.',
  );
  if (footage.segments > 0)
    say(
      `Hình ảnh không nằm trong bản sao lưu: chuyển thư mục footage cũ vào ${join(dataDir, 'footage')}.`,
      `Footage is not in the backup: move the old footage folder to ${join(dataDir, 'footage')}.`,
    );
  say(
    'Kiểm lại: thiết bị, máy trạm, khóa API và người dùng đã thu hồi sau ngày sao lưu.',
    'Confirm again: kiosks, stations, API keys and users that were revoked after the backup.',
  );
}
