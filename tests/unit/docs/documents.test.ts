/*
 * The documents say what is so: links lead somewhere, files they name exist, commands are known, error headings are the
 * programs' own sentences. tests/flows/documented-commands.test.ts runs the commands.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ERRORS, isErrorCode } from '@hailong/shared/errors.ts';
import { expect, test } from 'vitest';
import { commandsOf, documents, linksOf } from '../../support/documents.ts';
import { inRepo } from '../../support/paths.ts';

const all = await documents();
const manifest = JSON.parse(await readFile(inRepo('package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const readable = (path: string) => all.find((each) => each.path === path)?.text ?? '';

test('every relative link leads to a file', () => {
  const broken = all.flatMap((each) =>
    linksOf(each)
      .filter((target) => !existsSync(inRepo(dirname(each.path), target)))
      .map((target) => `${each.path}: ${target}`),
  );
  expect(broken).toEqual([]);
  expect(linksOf({ path: '', text: readable('README.md') }).length).toBeGreaterThan(20);
});

test('every document that is named by its path exists', () => {
  const named = all.flatMap(({ path, text }) =>
    [...text.matchAll(/`([\w./-]+\.md)`/g)].map(([, name]) => ({ path, name: name ?? '' })),
  );
  const missing = named.filter(
    ({ path, name }) => !existsSync(inRepo(name)) && !existsSync(join(inRepo(dirname(path)), name)),
  );
  expect(missing).toEqual([]);
});

test('every command in an sh block is one we have', () => {
  const known = (command: string): boolean => {
    const [program, word, name] = command.split(/\s+/);
    if (program === 'npm') {
      const script = word === 'run' ? name : word;
      return word === 'ci' || (script !== undefined && Object.hasOwn(manifest.scripts, script));
    }
    if (program === 'npx') return word === 'hailong-hub' || word === 'hailong-kiosk';
    if (program === 'make') return command.startsWith('make -C firmware-notes/firmware ');
    return command.startsWith('sudo apt-get install ');
  };
  const unknown = all.flatMap((each) =>
    commandsOf(each)
      .filter((command) => !known(command))
      .map((command) => `${each.path}: ${command}`),
  );
  expect(unknown).toEqual([]);
});

test('troubleshooting is headed by the codes and sentences that programs print', () => {
  const text = readable('hub-server/TROUBLESHOOTING.md');
  const headings = [...text.matchAll(/^### ([a-z]+\.[a-z_]+): (.+)\n\n\*(.+)\*$/gm)];
  expect(headings.length).toBeGreaterThan(30);
  expect(headings.length).toBe([...text.matchAll(/^### /gm)].length);
  for (const [, code = '', vi, en] of headings) {
    expect(isErrorCode(code), code).toBe(true);
    if (isErrorCode(code)) expect({ vi, en }).toEqual({ vi: ERRORS[code].vi, en: ERRORS[code].en });
  }
  const cameras = Object.keys(ERRORS).filter((code) => code.startsWith('camera.'));
  expect(cameras.filter((code) => !headings.some(([, heading]) => heading === code))).toEqual([]);
});
