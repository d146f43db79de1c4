/**
 * When the counter's page may be shown anew from afar: not while a citizen is asked, thanked or offered a code, and not under
 * an officer's fingers. Each of those ends by itself, so a reload waits and is not refused. Pure.
 * Document: shared/PROTOCOL.md, "The line", Reload.
 */
import type { Screen } from '../protocol/ui.ts';

export function mayReload(screen: Screen): boolean {
  switch (screen.name) {
    case 'starting':
    case 'closed':
      return true;
    case 'rest':
      return !screen.officerKeys && !screen.offer;
    case 'serving':
      return !screen.officerKeys;
    case 'cannot-store':
      return !screen.offer;
    case 'question':
    case 'chips':
    case 'private':
    case 'thanks':
    case 'pin':
    case 'setup':
      return false;
    default:
      return screen satisfies never;
  }
}
