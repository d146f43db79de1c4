/**
 * Purpose: a package as it lies in a folder, for the verifier. Everything in it is a stranger's: names are handed on to be
 *   judged before anything is opened, and what is opened is a regular file of this very folder.
 * Refuses: links, at the top as well; more files than any package has; more bytes than a file had when it was listed.
 */
import { closeSync, constants, fstatSync, lstatSync, opendirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { FILES_MAX } from '@hailong/shared/evidence/package-files.ts';
import type { PackageEntry, PackageSource } from '@hailong/shared/evidence/verify-package.ts';

const PIECE = 1_048_576;
/** Deeper than any package: what lies there is strange by its name already. */
const DEPTH_MAX = 8;

function* below(root: string, path: string, depth: number): Generator<PackageEntry> {
  const folder = opendirSync(join(root, path));
  try {
    for (let each = folder.readSync(); each !== null; each = folder.readSync()) {
      const name = path === '' ? each.name : `${path}/${each.name}`;
      if (each.isDirectory()) {
        if (depth < DEPTH_MAX) yield* below(root, name, depth + 1);
        else yield { path: name, bytes: 0, regular: false };
        continue;
      }
      const held = lstatSync(join(root, name));
      yield { path: name, bytes: held.size, regular: held.isFile() };
    }
  } finally {
    folder.closeSync();
  }
}

export function folderSource(root: string): PackageSource {
  return {
    async list() {
      if (!lstatSync(root).isDirectory()) throw new Error('no folder');
      const entries: PackageEntry[] = [];
      for (const entry of below(root, '', 0)) {
        entries.push(entry);
        if (entries.length > FILES_MAX + 10) break;
      }
      return entries.sort((one, other) => (one.path < other.path ? -1 : 1));
    },
    async read(path, piece) {
      const fd = openSync(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      try {
        const held = fstatSync(fd);
        if (!held.isFile()) throw new Error(path);
        const buffer = Buffer.allocUnsafe(Math.min(PIECE, Math.max(1, held.size)));
        for (let left = held.size; left > 0; ) {
          const count = readSync(fd, buffer, 0, Math.min(buffer.length, left), null);
          if (count === 0) break;
          left -= count;
          piece(buffer.subarray(0, count));
        }
      } finally {
        closeSync(fd);
      }
    },
  };
}
