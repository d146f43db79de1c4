/*
 * Purpose: `npm run bench`: brings the packages to the lock file and measures under the pinned Node; the measurements
 * themselves are tests/bench. Its exit code says whether every bar holds. Parses on Node 12.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensurePackages } from './install.js';
import { root, runChild } from './node.js';
import { fail } from './say.js';
import { ensureScreens } from './screens.js';

async function main() {
  const node = await ensurePackages();
  await ensureScreens(node);
  const watch = pathToFileURL(join(root, 'scripts/watch-parent.js')).href;
  const measure = join(root, 'tests/bench/main.ts');
  return runChild(node, ['--import', watch, measure].concat(process.argv.slice(2)), { cwd: root });
}

main().then((code) => process.exit(code), fail);
