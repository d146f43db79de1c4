/*
 * Purpose: the programs that tests start by the hundred, bundled: to find, read and link a hub's thousand modules in each
 * of its threads is half of what its start costs (2.0 to 1.1 s of a core). Vitest's global set-up makes the bundles of
 * the sources, or finds those it made of the very same bytes; load-built.js puts them in the place of the sources.
 * A run that watches starts programs from their sources, and so does whoever starts one without program.ts.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import type { TestProject } from 'vitest/node';
import { inRepo } from './paths.ts';

const FOLDER = 'HAILONG_TEST_BUILT';
const KEPT = inRepo('tests/.out/programs');
const KEPT_MS = 86_400_000;
const PART = 'part-';

/** What begins a process or a thread. */
const BEGINS = {
  hub: 'hub-server/src/main.ts',
  storage: 'hub-server/src/adapters/sqlite/worker.ts',
  recorder: 'hub-server/src/recorder/main.ts',
  writer: 'hub-server/src/evidence/main.ts',
  check: 'hub-server/src/evidence/check.ts',
  agent: 'kiosk-app/agent/main.ts',
  shell: 'kiosk-app/shell/main.ts',
};

/** What decides besides the modules: which packages there are, which the bundler is, and how it is asked. */
const ALSO = ['package-lock.json', relative(inRepo(), fileURLToPath(import.meta.url))];

/** Packages with binaries or other files beside them, or put together by `require` at run time. */
const STAY = /^(better-sqlite3|serialport|@serialport|@lydell|pdfkit|fluent-ffmpeg|node-onvif|onvif)($|\/)/;

export interface Built {
  /** Of each source that begins something, by address: the bundle's address. */
  readonly programs: Readonly<Record<string, string>>;
  /** Of each file it was made of, by path: its SHA-256. */
  readonly inputs: Readonly<Record<string, string>>;
}

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

export const madeOfTheseBytes = ({ inputs }: Built): boolean =>
  Object.entries(inputs).every(
    ([path, sum]) => existsSync(inRepo(path)) && sha256(readFileSync(inRepo(path))) === sum,
  );

/** Notes each module as the bundler read it, used or not; files beside a source are found where the source is. */
const reading = (sums: Map<string, string>): Plugin => ({
  name: 'reading',
  transform(code, id) {
    if (existsSync(id)) sums.set(relative(inRepo(), id), sha256(code));
    if (!id.endsWith('.ts') || !code.includes('import.meta.url')) return null;
    return { code: code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)), map: null };
  },
});

async function build(into: string): Promise<Built['inputs']> {
  const sums = new Map<string, string>();
  for (const path of ALSO) sums.set(path, sha256(readFileSync(inRepo(path))));
  const bundle = await rolldown({
    cwd: inRepo(),
    input: Object.fromEntries(Object.entries(BEGINS).map(([name, path]) => [name, inRepo(path)])),
    platform: 'node',
    external: (id) => isBuiltin(id) || STAY.test(id),
    plugins: [reading(sums)],
    logLevel: 'silent',
  });
  await bundle.write({ dir: into, format: 'esm', sourcemap: true, entryFileNames: '[name].js' });
  await bundle.close();
  return Object.fromEntries([...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function keep(): Promise<string> {
  for (const name of await readdir(KEPT)) {
    const folder = join(KEPT, name);
    const said = await readFile(join(folder, 'programs.json'), 'utf8').catch(() => null);
    // Another run is about to rename its part.
    const whole = said !== null && !name.startsWith(PART);
    if (whole && madeOfTheseBytes(JSON.parse(said))) return folder;
    // Another run may have renamed its part meanwhile.
    const since = await stat(folder).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    );
    if (since !== null && Date.now() - since > KEPT_MS) await rm(folder, { recursive: true, force: true });
  }
  const part = await mkdtemp(join(KEPT, PART));
  try {
    return await keepPart(part);
  } finally {
    // Renamed by now, or good for nothing.
    await rm(part, { recursive: true, force: true });
  }
}

async function keepPart(part: string): Promise<string> {
  const inputs = await build(part);
  const folder = join(KEPT, sha256(JSON.stringify(inputs)).slice(0, 16));
  const address = (...path: string[]) => pathToFileURL(join(...path)).href;
  const programs = Object.entries(BEGINS).map(([name, path]) => [
    address(inRepo(path)),
    address(folder, `${name}.js`),
  ]);
  const built: Built = { programs: Object.fromEntries(programs), inputs };
  await writeFile(join(part, 'programs.json'), JSON.stringify(built));
  // Some programs run as a user without rights.
  await chmod(part, 0o755);
  await rename(part, folder).catch((error: unknown) => {
    // Another run was quicker, and made the same.
    if (!existsSync(folder)) throw error;
  });
  return folder;
}

/** Vitest, before the first file. */
export async function setup(project: TestProject): Promise<void> {
  if (process.env[FOLDER] !== undefined || project.vitest.config.watch) return;
  await mkdir(KEPT, { recursive: true });
  process.env[FOLDER] = await keep();
}
