/*
 * Purpose: folders that many test files begin with (an office as `setup --demo` leaves it) are made once a test run and copied:
 * each costs three seconds of a core. Their hub's keys are then the same, which two hubs of one test must not be.
 * Also vitest's global set-up: it names the folder they lie in; without one, as outside `npm test`, everybody makes its own.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const FOLDER = 'HAILONG_TEST_MADE';

/** Vitest, before the first file; what it returns, after the last. */
export async function setup(): Promise<() => Promise<void>> {
  if (process.env[FOLDER] !== undefined) return async () => undefined;
  const folder = await mkdtemp(join(tmpdir(), 'hailong-made-'));
  process.env[FOLDER] = folder;
  return () => rm(folder, { recursive: true, force: true });
}

/** As what wrote it first left it: a power cut a second later must find it. */
async function synced(folder: string): Promise<void> {
  const within = await readdir(folder, { recursive: true });
  for (const path of ['..', '.', ...within]) {
    const held = await open(join(folder, path), 'r');
    await held.sync().finally(() => held.close());
  }
}

/** Fills `data` as `make` does, and answers what `make` answered; `key` tells apart what is made differently. */
export async function madeOnce<T>(key: string, data: string, make: (data: string) => Promise<T>): Promise<T> {
  const folder = process.env[FOLDER];
  if (folder === undefined) return make(data);
  const kept = join(folder, key);
  if (!existsSync(kept)) {
    const part = await mkdtemp(join(folder, 'part-'));
    const answer = await make(join(part, 'data'));
    await writeFile(join(part, 'answer'), JSON.stringify(answer));
    // Whoever was quicker made the same.
    await rename(part, kept).catch((error) => {
      if (!existsSync(kept)) throw error;
    });
  }
  await mkdir(dirname(data), { recursive: true });
  await cp(join(kept, 'data'), data, { recursive: true });
  await synced(data);
  return JSON.parse(await readFile(join(kept, 'answer'), 'utf8')) as T;
}
