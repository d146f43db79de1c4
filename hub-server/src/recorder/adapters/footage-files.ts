/** Files under the footage root. A segment counts once it and its folder are synced; its hash is of what was synced. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rm, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
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
  const path = (file: string) => join(root, ...file.split('/'));
  async function named(ending: string): Promise<string[]> {
    const found: string[] = [];
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true }))
      if (entry.isFile() && entry.name.endsWith(ending))
        found.push(relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
    return found;
  }
  return {
    path,
    name(absolute) {
      const name = relative(root, absolute);
      return name === '' || name.startsWith('..') || isAbsolute(name) ? null : name.split(sep).join('/');
    },
    async seal(file) {
      await sync(path(file));
      await sync(dirname(path(file)));
      const sum = createHash('sha256');
      let bytes = 0;
      for await (const chunk of createReadStream(path(file))) {
        sum.update(chunk as Buffer);
        bytes += (chunk as Buffer).byteLength;
      }
      return { bytes, sha256: sum.digest('hex') as Sha256Hex };
    },
    async remove(file) {
      await rm(path(file), { force: true });
      // A run's folder goes with its last file; a folder that still holds one refuses.
      await rmdir(dirname(path(file))).catch(() => undefined);
    },
    async removeSecrets() {
      for (const file of await named('.ffconcat')) await rm(path(file), { force: true });
    },
    list: () => named('.mp4'),
    async modifiedAt(file) {
      return stat(path(file)).then(
        ({ mtimeMs }) => Math.round(mtimeMs),
        () => null,
      );
    },
    async freeBytes() {
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
  };
}
