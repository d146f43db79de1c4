/**
 * Purpose: a package carried to another folder, file by file, synced, under its name only when it is whole.
 * Refuses: to overwrite (`evidence.exists`), what the disk has no room for (`program.disk_full`).
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
  statfsSync,
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

function begin(into: string, name: string): { readonly final: string; readonly part: string } {
  const final = join(into, name);
  const part = `${final}.part`;
  if (lstatSync(final, { throwIfNoEntry: false })) throw new CodedError('evidence.exists', final);
  mkdirSync(into, { recursive: true });
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { mode: 0o700 });
  return { final, part };
}

/** Before anybody says that it was taken: no package of this name is there, and one of so many bytes can be written. */
export function makeRoom(into: string, name: string, bytes: number): void {
  const { part } = begin(into, name);
  rmSync(part, { recursive: true });
  const { bavail, bsize } = statfsSync(into);
  if (bavail * bsize < bytes) throw new CodedError('program.disk_full', into);
}

export async function copyPackage(
  source: PackageSource,
  from: string,
  into: string,
  heard: (done: number, total: number) => void,
): Promise<string> {
  const { final, part } = begin(into, basename(from));
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
