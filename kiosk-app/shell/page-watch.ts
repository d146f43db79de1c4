/**
 * Purpose: tells the kiosk's own page among those a browser has: the first one; every other is foreign, and the own one
 *   has strayed when it shows another origin. Pure but for what it remembers; anew for each start of the browser.
 * Document: kiosk-app/LOCK.md, "Who watches".
 */
import type { BrowserListener } from './browser-pipe.ts';
import type { WatchdogInput } from './watchdog-machine.ts';

export function watchPages(
  origin: string,
  say: (input: WatchdogInput) => void,
  version: (product: string) => void,
): BrowserListener {
  let own: string | null = null;
  const foreign = new Set<string>();
  const isOurs = (address: string): boolean => address.startsWith(`${origin}/`);
  return {
    version,
    shows(target, address) {
      own ??= target;
      if (target !== own) {
        if (!foreign.has(target)) say({ type: 'foreign', target });
        foreign.add(target);
      }
      // A window is born without an address; what it was started with follows.
      else if (address !== '' && !isOurs(address)) say({ type: 'strayed' });
    },
    gone(target) {
      // Its window closes with it, and mostly the browser; a browser that stays without it would show nothing.
      if (target === own) say({ type: 'closed' });
    },
    crashed(target) {
      if (target === own) say({ type: 'crashed' });
    },
  };
}
