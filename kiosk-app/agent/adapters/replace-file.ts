/**
 * A small file replaced as a whole and for good: written beside it (0600), synced, renamed, the folder synced. Whoever
 * reads it finds the old or the new one. Throws what the file system says; the part that was begun may be left.
 */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** What is written first. */
export const partOf = (file: string): string => `${file}.part`;

export function replaceFile(file: string, text: string): void {
  const fd = openSync(partOf(file), 'w', 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(partOf(file), file);
  syncFolder(dirname(file));
}

export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
