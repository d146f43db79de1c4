/*
 * Purpose: `npm run load`: brings the packages to the lock file and runs the load under the pinned Node; the kiosks
 * themselves are tests/load. Its exit code says whether every bar holds. Parses on Node 12.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensurePackages } from './install.js';
import { root, runChild } from './node.js';
import { fail } from './say.js';

async function main() {
  const node = await ensurePackages();
  const watch = pathToFileURL(join(root, 'scripts/watch-parent.js')).href;
  const load = join(root, 'tests/load/main.ts');
  return runChild(node, ['--import', watch, load].concat(process.argv.slice(2)), { cwd: root });
}

main().then((code) => process.exit(code), fail);
