/*
 * What the kiosk's build weighs and holds: a small page for small machines, two subsets of four weights, nothing
 * inlined that the content policy forbids, no foreign address.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import { ensureScreens } from '../../scripts/screens.js';
import { inRepo } from '../support/paths.ts';

const folder = inRepo('kiosk-app/dist/renderer');
/** Half of what a slow line is promised; whoever needs more asks first what can go. */
const gzipBytesMax = 150_000;

beforeAll(() => ensureScreens(process.execPath));

it('stays small and ships its own faces', () => {
  const names = readdirSync(`${folder}/assets`);
  const code = names.filter((name) => /\.(js|css)$/.test(name));
  const bytes = code.reduce(
    (sum, name) => sum + gzipSync(readFileSync(`${folder}/assets/${name}`)).length,
    0,
  );
  expect(bytes).toBeLessThan(gzipBytesMax);
  const fonts = names.filter((name) => name.endsWith('.woff2')).map((name) => name.replace(/-normal.*/, ''));
  expect(fonts.sort()).toEqual(
    ['latin', 'vietnamese'].flatMap((subset) =>
      [500, 600, 700, 800].map((weight) => `be-vietnam-pro-${subset}-${weight}`),
    ),
  );
  expect(names.filter((name) => /\.(woff|ttf)$/.test(name))).toEqual([]);
});

it('obeys a policy without inline code and names no other server', () => {
  const page = readFileSync(`${folder}/index.html`, 'utf8');
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/unsafe-|<style|<script>|style="|\son[a-z]+="|https?:\/\//);
  const css = readdirSync(`${folder}/assets`).filter((name) => name.endsWith('.css'));
  for (const name of css)
    expect(readFileSync(`${folder}/assets/${name}`, 'utf8')).not.toMatch(/https?:|data:/);
});
