/*
 * Purpose: the import law bites. The fixtures are a small house of their own: files named `sound…` keep the law, every
 * other is named after the one rule it breaks. They are copied beside real packages, because the rules speak of paths
 * from the root. Also: the true tree keeps the law, and the cruiser sees TypeScript at all (facts: not with 7).
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import law from '../../.dependency-cruiser.mjs';
import { inRepo } from '../support/paths.ts';
import { tempFolder } from '../support/temp-folder.ts';

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

interface Cruise {
  readonly modules: readonly { readonly source: string; readonly dependencies: readonly unknown[] }[];
  readonly summary: { readonly violations: readonly Violation[]; readonly totalDependenciesCruised: number };
}

const workspaces = ['shared', 'device-drivers', 'kiosk-app', 'hub-server'];
const fixtures = inRepo('tests/law/fixtures');

/** Runs the command that `npm test` runs, with JSON out; it exits with the number of violations. */
function cruise(cwd: string, folders: readonly string[]): Promise<Cruise> {
  const tool = inRepo('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [tool, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...folders];
  return new Promise((done, fail) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      try {
        done(JSON.parse(stdout) as Cruise);
      } catch {
        fail(error ?? new Error(stderr));
      }
    });
  });
}

/** Copies the fixtures beside the real manifests and packages; only our own workspaces are those of the copy. */
async function buildHouse(house: string): Promise<void> {
  await cp(fixtures, house, { recursive: true });
  for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.mjs']) {
    await cp(inRepo(name), join(house, name));
  }
  await mkdir(join(house, 'node_modules/@hailong'), { recursive: true });
  for (const name of await readdir(inRepo('node_modules'))) {
    if (name !== '@hailong') await symlink(inRepo('node_modules', name), join(house, 'node_modules', name));
  }
  for (const name of workspaces) {
    await cp(inRepo(name, 'package.json'), join(house, name, 'package.json'));
    await symlink(join(house, name), join(house, 'node_modules/@hailong', name));
  }
}

/** What a fixture must break: the rule of its name, and those it names after `// also:`. */
async function expectedRules(path: string): Promise<string[]> {
  const name = basename(path).replace(/(--[^.]*)?\.\w+$/, '');
  if (name === 'sound' || !law.forbidden.some((rule) => rule.name === name)) return [];
  const also = /^\/\/ also: (.+)$/m.exec(await readFile(join(fixtures, path), 'utf8'))?.[1];
  return [name, ...(also?.split(', ') ?? [])].sort();
}

const files = (await readdir(fixtures, { recursive: true })).filter((path) => /\.[jt]sx?$/.test(path));
const found = new Map<string, string[]>();

beforeAll(async () => {
  await using folder = await tempFolder('law');
  await buildHouse(folder.path);
  const { summary } = await cruise(folder.path, [...workspaces, 'scripts', 'tests']);
  for (const { from, rule } of summary.violations) {
    found.set(from, [...new Set([...(found.get(from) ?? []), rule.name])].sort());
  }
}, 60_000);

describe('import law', () => {
  it.each(law.forbidden.map((rule) => rule.name))('has a fixture that breaks %s', async (name) => {
    const breakers = files.filter((path) => basename(path).startsWith(`${name}.`));
    expect(breakers).toHaveLength(1);
    expect(found.get(breakers[0]!)).toEqual([name]);
  });

  it.each(files)('judges %s as its name says', async (path) => {
    expect(found.get(path) ?? []).toEqual(await expectedRules(path));
  });

  it('explains every rule', () => {
    for (const rule of law.forbidden) {
      expect(rule.comment.length, rule.name).toBeGreaterThan(40);
      expect(rule.severity).toBe('error');
    }
  });

  it('sees the imports of the true tree, and finds it keeping the law', async () => {
    const { modules, summary } = await cruise(inRepo(), [...workspaces, 'scripts']);
    expect(summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
    const typescript = modules.filter(({ source }) => /^shared\/src\/.*\.ts$/.test(source));
    expect(typescript.some(({ dependencies }) => dependencies.length > 0)).toBe(true);
  }, 60_000);
});
