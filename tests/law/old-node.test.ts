/*
 * Purpose: what an old Node meets first must parse there, or the reader sees a syntax error instead of our sentence:
 * scripts/ and the bins keep to the syntax of Node 12.
 */
import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { hubBin, inRepo, kioskBin } from '../support/paths.ts';

/** A grammar of our own for this question only: strings, templates and comments are taken out, the rest is searched. */
function codeOf(source: string): string {
  return source.replace(
    /\/\*[\s\S]*?\*\/|\/\/.*|`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g,
    '""',
  );
}

const later: readonly [string, RegExp][] = [
  ['optional chaining (Node 14)', /\?\.(?!\d)/],
  ['nullish coalescing (Node 14)', /\?\?/],
  ['logical assignment (Node 15)', /(\|\||&&)=/],
  ['class fields (Node 12 has public ones only)', /\bthis\.#|^\s*#\w+/m],
  ['top-level await (Node 14.8)', /^(const .* = )?await /m],
  ['replaceAll, at, Object.hasOwn (Node 15 and later)', /\.(replaceAll|at|hasOwn|structuredClone)\(/],
  ['rmSync, cpSync (Node 14.14 and later)', /\b(rmSync|cpSync)\b/],
];

const scripts = (await readdir(inRepo('scripts')))
  .filter((name) => name.endsWith('.js'))
  .map((name) => inRepo('scripts', name));

it.each([...scripts, hubBin, kioskBin])('%s parses on Node 12', async (file) => {
  const code = codeOf(await readFile(file, 'utf8'));
  for (const [what, pattern] of later) expect(code, what).not.toMatch(pattern);
});
