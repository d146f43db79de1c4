/**
 * Purpose: a package carried to another folder, file by file, synced, under its name only when it is whole.
 * Refuses: to overwrite (`evidence.exists`).
 */
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import type { PackageSource } from '@hailong/shared/evidence/verify-package.ts';

function sync(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export async function copyPackage(
  source: PackageSource,
  from: string,
  into: string,
  heard: (done: number, total: number) => void,
): Promise<string> {
  const final = join(into, basename(from));
  const part = `${final}.part`;
  if (lstatSync(final, { throwIfNoEntry: false })) throw new CodedError('evidence.exists', final);
  mkdirSync(into, { recursive: true });
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { mode: 0o700 });
  try {
    const entries = await source.list();
    const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    const folders = new Set<string>([part]);
    let done = 0;
    for (const { path, bytes } of entries) {
      const to = join(part, path);
      mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
      folders.add(dirname(to));
      copyFileSync(join(from, path), to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      sync(to);
      done += bytes;
      heard(done, total);
    }
    for (const folder of folders) sync(folder);
    renameSync(part, final);
    sync(into);
    return final;
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOSPC') throw new CodedError('program.disk_full', into);
    throw error;
  }
}
