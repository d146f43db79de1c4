/*
 * Purpose: `npm run prove` on a bare clone: install what is missing, then run tests/prove/main.ts under the pinned Node,
 * which gets the options as they are. With --json stdout carries nothing but one line a run. Parses on Node 12.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { displayPackages, ensureDebian, ensurePackages, faultPackages } from './install.js';
import { root, runChild } from './node.js';
import { fail } from './say.js';
import { ensureScreens } from './screens.js';

async function main() {
  const node = await ensurePackages();
  await ensureDebian(faultPackages.concat(displayPackages));
  // Packages carry a built page, kiosks show built screens: those of this tree.
  await ensureScreens(node);
  const watch = pathToFileURL(join(root, 'scripts/watch-parent.js')).href;
  const args = ['--import', watch, join(root, 'tests/prove/main.ts')];
  return runChild(node, args.concat(process.argv.slice(2)), { cwd: root });
}

main().then((code) => process.exit(code), fail);
