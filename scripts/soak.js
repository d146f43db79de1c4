/*
 * Purpose: `npm run soak` on a bare clone: install what is missing, then run tests/soak/main.ts under the pinned Node,
 * which gets the options as they are. With --json stdout carries nothing but the figures. Parses on Node 12.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDebian, ensurePackages, firmwarePackages } from './install.js';
import { root, runChild } from './node.js';
import { fail } from './say.js';

async function main() {
  const node = await ensurePackages();
  await ensureDebian(firmwarePackages);
  const watch = pathToFileURL(join(root, 'scripts/watch-parent.js')).href;
  const args = ['--import', watch, join(root, 'tests/soak/main.ts')];
  return runChild(node, args.concat(process.argv.slice(2)), { cwd: root });
}

main().then((code) => process.exit(code), fail);
