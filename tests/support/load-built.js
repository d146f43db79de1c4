/*
 * Purpose: loaded first into a program under test (`--import`), answers the program's first module by the file that
 * built-programs.ts made of it. Only what starts a program or a thread, and its bin: whoever imports a main of ours
 * to exchange a part of it gets the sources. Without a folder, as outside `npm test`, it does nothing.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const folder = process.env.HAILONG_TEST_BUILT;

if (folder) {
  /** Of sources, by address: the built file's. */
  const built = JSON.parse(readFileSync(`${folder}/programs.json`, 'utf8')).programs;
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const instead = built[resolved.url];
      if (instead === undefined) return resolved;
      // A bin imports its program; a process or a thread begins without anybody.
      const by = context.parentURL;
      return by === undefined || /\/bin\/[^/]+\.js$/.test(by)
        ? { ...resolved, url: instead, format: 'module' }
        : resolved;
    },
  });
}
