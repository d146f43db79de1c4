/* Folders of runs that never filmed anything go once nobody can be about to write there; others stay. */
import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { cameraA, openParts, T0 } from './parts.ts';

it('removes what is empty and old, and nothing else', async () => {
  await using parts = await openParts();
  const made = async (run: string, at: number, file?: string) => {
    const folder = parts.files.path(`${cameraA}/${run}`);
    await mkdir(folder, { recursive: true });
    if (file !== undefined) await writeFile(`${folder}/${file}`, 'x');
    await utimes(folder, at / 1_000, at / 1_000);
    return folder;
  };
  const folders = [
    await made('empty', T0 - 2),
    await made('filmed', T0 - 2, '000000.mp4'),
    await made('other', T0 - 2, 'a'),
    await made('young', T0 + 1_000),
  ];
  await parts.files.removeEmpty(T0);
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, true, true, true]);
  expect(existsSync(parts.files.path(cameraA))).toBe(true);
});
