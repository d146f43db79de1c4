/*
 * Purpose: what a run has done so far, in tests/.out/prove/NAME.json, so that it goes on after an interruption. It is
 * keyed by a hash of everything the result depends on: when the product or the run changes, it starts anew.
 * Refuses: a file it cannot read or of another key; it is then as if there were none.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRepo } from '../support/paths.ts';
import { noTotals, type Totals } from './run.ts';

/** What ships and runs in the programs under test, and what judges them. */
const PRODUCT = [
  'package-lock.json',
  'shared/src',
  'device-drivers/src',
  'kiosk-app/agent',
  'hub-server/src',
  'tests/prove/run.ts',
  'tests/prove/thanked-vs-stored.ts',
];

const folder = inRepo('tests/.out/prove');
const fileOf = (name: string) => join(folder, `${name}.json`);

function filesOf(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name !== 'node_modules' && name !== 'dist')
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

export function sourceKey(name: string, watches: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of [...PRODUCT, `tests/prove/runs/${name}.ts`, ...watches])
    for (const file of filesOf(inRepo(path)))
      hash
        .update(`${file.slice(inRepo().length)}\n`)
        .update(readFileSync(file))
        .update('\n');
  return hash.digest('hex');
}

export interface Progress {
  /** Chunks done: all below `upTo`, and these. */
  readonly upTo: number;
  readonly beyond: readonly number[];
  readonly totals: Totals;
  readonly elapsedMs: number;
}

export const noProgress: Progress = { upTo: 0, beyond: [], totals: noTotals, elapsedMs: 0 };

export function withChunk(progress: Progress, chunk: number, totals: Totals, elapsedMs: number): Progress {
  const beyond = new Set([...progress.beyond, chunk]);
  let { upTo } = progress;
  while (beyond.delete(upTo)) upTo += 1;
  return { upTo, beyond: [...beyond], totals, elapsedMs };
}

export function loadProgress(name: string, key: string): Progress {
  try {
    const held = JSON.parse(readFileSync(fileOf(name), 'utf8')) as { key: string; progress: Progress };
    return held.key === key ? held.progress : noProgress;
  } catch {
    return noProgress;
  }
}

export function saveProgress(name: string, key: string, progress: Progress): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${fileOf(name)}.new`, JSON.stringify({ key, progress }));
  renameSync(`${fileOf(name)}.new`, fileOf(name));
}

export function forgetProgress(name: string): void {
  rmSync(fileOf(name), { force: true });
}
