/**
 * SHA256SUMS as coreutils writes and checks it (`sha256sum -c`): hash, two spaces, path, newline; in order of the paths.
 * Refuses: another form, another order, a path twice, paths that no package has. See shared/PROTOCOL.md, "Evidence package".
 */
import { FILES_MAX, isPackagePath, UNLISTED } from './package-files.ts';

export function formatSums(hashes: ReadonlyMap<string, string>): string {
  return [...hashes]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, hash]) => `${hash}  ${path}\n`)
    .join('');
}

/** Null: not of this form. */
export function readSums(text: string): ReadonlyMap<string, string> | null {
  if (!text.endsWith('\n')) return null;
  const lines = text.slice(0, -1).split('\n');
  if (lines.length > FILES_MAX) return null;
  const hashes = new Map<string, string>();
  let before = '';
  for (const line of lines) {
    const [, hash, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (hash === undefined || path === undefined || !isPackagePath(path) || UNLISTED.has(path)) return null;
    if (path <= before) return null;
    before = path;
    hashes.set(path, hash);
  }
  return hashes;
}
