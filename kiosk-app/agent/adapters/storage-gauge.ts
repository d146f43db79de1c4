/** How many bytes the data folder takes and how many the disk has left for this program. Refuses nothing. */
import { readdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { StorageGauge } from '../application/ports.ts';

/** `reusableBytes`: free inside the database, so its file does not grow by them. */
export function storageGauge(folder: string, reusableBytes: () => number): StorageGauge {
  return {
    usedBytes() {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true });
      const sizes = files.map((file) => (file.isFile() ? sizeOf(join(file.parentPath, file.name)) : 0));
      return Math.max(0, sizes.reduce((sum, size) => sum + size, 0) - reusableBytes());
    },
    freeBytes: () => freeBytesOf(folder),
  };
}

export function freeBytesOf(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** A file may go between the listing and the look. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
