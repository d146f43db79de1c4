/* A folder of a test's own, removed when the test ends: `await using folder = await tempFolder('agent');` */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A killed child may still be closing files, and writing some: tries for as long as that takes on a busy machine. */
export const removeAll = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });

export interface TempFolder extends AsyncDisposable {
  readonly path: string;
  remove(): Promise<void>;
}

export async function tempFolder(name = 'test'): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), `hailong-${name}-`));
  const remove = () => removeAll(path);
  return { path, remove, [Symbol.asyncDispose]: remove };
}
