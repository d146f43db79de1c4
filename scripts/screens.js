/*
 * Purpose: build the browser screens with Vite when, and only when, what they are made of has changed.
 * The mark is a hash of the sources, written last beside the result, so that an interrupted build is built again.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { root, runChild } from './node.js';
import { Refusal, say } from './say.js';

/** Each set of screens: its Vite configuration (`vite.config.ts` unless named), where its sources lie, where its result goes. */
const sets = [
  { name: 'kiosk', folder: 'kiosk-app', sources: ['kiosk-app/renderer'], out: 'kiosk-app/dist/renderer' },
  {
    name: 'setup',
    folder: 'kiosk-app',
    sources: ['kiosk-app/renderer/setup', 'kiosk-app/renderer/style/fonts.css'],
    out: 'kiosk-app/dist/setup',
    config: 'vite.setup.config.ts',
  },
  { name: 'hub', folder: 'hub-server', sources: ['hub-server/web'], out: 'hub-server/dist/web' },
  {
    name: 'check',
    folder: 'hub-server',
    sources: ['hub-server/web/check'],
    out: 'hub-server/dist/check',
    config: 'vite.check.config.ts',
  },
];

function configOf(set) {
  return set.config || 'vite.config.ts';
}

function hashInto(hash, path) {
  const stat = statSync(path);
  if (stat.isDirectory()) {
    for (const name of readdirSync(path).sort()) hashInto(hash, join(path, name));
  } else {
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0');
  }
}

function hashOf(set) {
  const hash = createHash('sha256');
  const paths = set.sources.concat(['shared/src', `${set.folder}/${configOf(set)}`, 'package-lock.json']);
  for (const path of paths) hashInto(hash, join(root, path));
  return hash.digest('hex');
}

/** Builds every stale set under the given Node. Vite's own lines go to stderr, only when it warns or fails. */
export async function ensureScreens(node) {
  for (const set of sets) {
    const mark = join(root, set.folder, 'dist', `.${set.name}-sources`);
    const hash = hashOf(set);
    if (existsSync(mark) && existsSync(join(root, set.out)) && readFileSync(mark, 'utf8') === hash) continue;
    if (existsSync(mark)) unlinkSync(mark);
    say(`Dựng màn hình ${set.name} / building the ${set.name} screens …`);
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    const args = [vite, 'build', '--logLevel', 'warn', '--config', join(root, set.folder, configOf(set))];
    // A test runner's NODE_ENV would build React's development half, twice as heavy, for the office too.
    const code = await runChild(node, args, { cwd: root, stdout: 2, env: { NODE_ENV: 'production' } });
    if (code !== 0)
      throw new Refusal(
        1,
        `Không dựng được màn hình ${set.name}: xem lời của Vite ở trên.`,
        `The ${set.name} screens could not be built: Vite’s own words are above.`,
      );
    mkdirSync(join(root, set.folder, 'dist'), { recursive: true });
    writeFileSync(mark, hash);
  }
}
