/*
 * Purpose: what `npm ci` relies on: exact versions everywhere, a lock file that names no host, the settings that let
 * it work from an empty HOME, and no TypeScript that blinds the import law (CONTRIBUTING.md, "Packages").
 */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { inRepo } from '../support/paths.ts';

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
}

const json = async (path: string) => JSON.parse(await readFile(inRepo(path), 'utf8'));
const manifests = ['', 'shared/', 'device-drivers/', 'kiosk-app/', 'hub-server/'].map(
  (at) => `${at}package.json`,
);
const lock: { packages: Record<string, LockEntry> } = await json('package-lock.json');

describe('packages', () => {
  it.each(manifests)('%s pins every version exactly', async (path) => {
    const manifest = await json(path);
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides']) {
      for (const [name, version] of Object.entries(manifest[kind] ?? {})) {
        expect(version, `${path} ${kind} ${name}`).toMatch(/^(npm:[a-z-]+@)?\d+\.\d+\.\d+$/);
      }
    }
  });

  it.each(manifests.slice(1))('%s gets the versions that it asks for', async (path) => {
    const manifest = await json(path);
    const folder = path.replace('/package.json', '');
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const entry = lock.packages[`${folder}/node_modules/${name}`] ?? lock.packages[`node_modules/${name}`];
      expect(entry?.link ? version : entry?.version, `${path} ${name}`).toBe(version);
    }
  });

  it('the lock file names no host: every entry comes from whatever registry the reader uses', () => {
    for (const [path, entry] of Object.entries(lock.packages)) {
      expect(entry.resolved ?? '', path).not.toMatch(/^[a-z+]+:\/\//);
    }
  });

  it('the lock file holds a Node for every platform that the registry has one for', () => {
    for (const platform of ['linux-x64', 'linux-arm64', 'win-x64', 'darwin-x64']) {
      expect(lock.packages[`node_modules/node-${platform}`]?.version).toMatch(/^24\./);
    }
  });

  it('xml2js is past CVE-2023-0842 wherever it is installed', () => {
    const found = Object.entries(lock.packages).filter(([path]) => path.endsWith('node_modules/xml2js'));
    expect(found.length).toBeGreaterThan(0);
    for (const [path, entry] of found) expect(entry.version, path).toMatch(/^0\.([6-9]|5\.)|^[1-9]/);
  });

  it('.npmrc keeps install scripts off and hosts out of the lock file', async () => {
    const lines = (await readFile(inRepo('.npmrc'), 'utf8')).split('\n');
    expect(lines).toContain('ignore-scripts=true');
    expect(lines).toContain('omit-lockfile-registry-resolved=true');
  });

  it('TypeScript for the import law stays below 7, which it does not see through', async () => {
    expect((await json('package.json')).devDependencies.typescript).toMatch(/^6\./);
  });
});
