/** Files under the footage root. A segment counts once it and its folder are synced; its hash is of what was synced. */
import { hash } from 'node:crypto';
import { open, readdir, readFile, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import type { FootageFiles } from '../application/ports.ts';

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function footageFiles(root: string): FootageFiles {
  return {
    async seal(file) {
      const path = join(root, file);
      await sync(path);
      await sync(dirname(path));
      const content = await readFile(path);
      return { bytes: content.byteLength, sha256: hash('sha256', content, 'hex') as Sha256Hex };
    },
    async remove(file) {
      const path = join(root, file);
      await rm(path, { force: true });
      await sync(dirname(path));
    },
    async list() {
      const found: { file: string; modifiedAt: number; bytes: number }[] = [];
      for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !entry.name.endsWith('.mp4')) continue;
        const path = join(entry.parentPath, entry.name);
        const { mtimeMs, size } = await stat(path);
        found.push({ file: relative(root, path).split(sep).join('/'), modifiedAt: Math.round(mtimeMs), bytes: size });
      }
      return found;
    },
    async freeBytes() {
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
  };
}
