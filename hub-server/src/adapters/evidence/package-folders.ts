/**
 * Purpose: the folders below data/evidence: what lies there, and their removal. A folder loses its name first, so that a
 *   removal that dies on the way leaves nothing that looks like a package.
 * Refuses: names that lead elsewhere; to follow links.
 * Document: hub-server/DESIGN.md, "Packages on the disk".
 */
import { lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import type { PackageFolders } from '../../application/ports/package-folders.ts';
import { basenameOf } from '../../domain/evidence/package-name.ts';

export const GONE = '.gone';

export function packageFolders(root: string): PackageFolders {
  const sync = async (): Promise<void> => {
    const handle = await open(root, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  };
  const isThere = (path: string): Promise<boolean> =>
    lstat(path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return false;
        throw error;
      },
    );
  return {
    pathOf: (folder) => join(root, basenameOf(folder)),
    async list() {
      if (!(await isThere(root))) return [];
      const names = await readdir(root);
      return Promise.all(
        names.map(async (name) => ({ name, changedAt: (await lstat(join(root, name))).mtimeMs })),
      );
    },
    async remove(name) {
      if (name === '' || name === '.' || name === '..' || basename(name) !== name)
        throw new CodedError('request.invalid', 'no folder of packages');
      const path = join(root, name);
      const gone = name.endsWith(GONE) ? path : `${path}${GONE}`;
      if (path !== gone && (await isThere(path))) {
        await rm(gone, { recursive: true, force: true });
        await rename(path, gone);
        await sync();
      }
      if (!(await isThere(gone))) return;
      await rm(gone, { recursive: true, force: true });
      await sync();
    },
  };
}
