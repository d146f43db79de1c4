/*
 * Purpose: what tests start are bundles (tests/support/built-programs.ts) made of the sources of this very tree, byte
 * for byte; whoever exchanges a part of a program gets its sources, and a trace names them.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Built, madeOfTheseBytes } from '../support/built-programs.ts';
import { inSources } from '../support/built-traces.ts';
import { hubBin, inRepo } from '../support/paths.ts';
import { runProgram } from '../support/program.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = process.env['HAILONG_TEST_BUILT'];

/** Says each of our modules that is loaded. */
const SAYING = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) {
  if (url.startsWith('file:') && !url.includes('node_modules')) console.log(JSON.stringify({ url }));
  return next(url, context);
} });`;

async function loadedBy(file: string): Promise<readonly string[]> {
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(SAYING)}`;
  const { lines, stderr } = await runProgram(file, ['--help'], { env: { NODE_OPTIONS } });
  expect(lines, stderr).not.toEqual([]);
  return lines.map(({ url }) => String(url).replace(pathToFileURL(inRepo()).href, ''));
}

describe.skipIf(!folder)('built programs', () => {
  it('are made of the sources as they are, and of no others', () => {
    const built = JSON.parse(readFileSync(join(folder ?? '', 'programs.json'), 'utf8')) as Built;
    expect(Object.keys(built.inputs)).toContain('hub-server/src/adapters/sqlite/stores/inbox/inbox-store.ts');
    expect(madeOfTheseBytes(built)).toBe(true);
    for (const path of ['hub-server/src/main.ts', 'node_modules/zod/index.js', 'package-lock.json'])
      expect(madeOfTheseBytes({ ...built, inputs: { ...built.inputs, [path]: '0' } }), path).toBe(false);
    expect(madeOfTheseBytes({ ...built, inputs: { ...built.inputs, 'shared/src/gone.ts': '0' } })).toBe(
      false,
    );
  });

  it('are what a bin starts, and nothing that another program imports', async () => {
    await using temp = await tempFolder('built');
    const hub = await loadedBy(hubBin);
    expect(hub.filter((url) => url.endsWith('/hub.js'))).toHaveLength(1);
    expect(hub.filter((url) => url.startsWith('hub-server/src/'))).toEqual([]);
    const other = join(temp.path, 'other.mjs');
    writeFileSync(other, `await import('${pathToFileURL(inRepo('kiosk-app/agent/main.ts')).href}');`);
    expect(await loadedBy(other)).toContain('kiosk-app/agent/main.ts');
  });

  it('are named by their sources in a trace', () => {
    const file = join(folder ?? '', 'hub.js');
    const line = readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((text) => text.includes('async function enrolCode('));
    const said = inSources(`    at enrolCode (${pathToFileURL(file).href}:${line + 1}:1)`);
    const [, place = '', at = ''] = /\((.*):(\d+):\d+\)/.exec(said) ?? [];
    expect(place).toBe(inRepo('hub-server/src/main.ts'));
    expect(existsSync(place)).toBe(true);
    expect(readFileSync(place, 'utf8').split('\n')[Number(at) - 1]).toContain('async function enrolCode(');
  });
});
