/*
 * Purpose: the control of the power cuts: the agent's own parts, wired by its own main, with one part exchanged: the
 * database is opened with synchronous=NORMAL. If this agent lost nothing, the cuts of `npm run prove` would prove nothing.
 * Refuses: to be a flag. The shipped programs have no way to run like this and refuse a database that is not FULL.
 */
import { registerHooks } from 'node:module';

const part = new URL('../../kiosk-app/agent/adapters/sqlite/open-database.ts', import.meta.url).href;
const instead = new URL('./open-normal.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    return resolved.url === part && context.parentURL !== instead ? { ...resolved, url: instead } : resolved;
  },
});
await import('../../scripts/watch-parent.js');
await import('../../kiosk-app/agent/main.ts');
