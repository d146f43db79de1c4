/**
 * A vote that was sent off and is not told yet: the page may be loaded again, or dropped by the phone, before the network is
 * back. It stays in this tab alone, and only until the hub has it or refuses it: what was answered is nobody else's.
 */
import type { Vote } from './hub.ts';
import type { Way } from './way.ts';

const KEY = 'hailong.unsent';

const nameOf = (way: Way): string => ('code' in way ? way.code : way.ticket.sig);

export function keepUnsent(way: Way, vote: Vote): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ of: nameOf(way), vote }));
  } catch {
    // A browser that keeps nothing sends as long as the page is open.
  }
}

export function unsentOf(way: Way): Vote | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as { of: string; vote: Vote } | null;
    return kept?.of === nameOf(way) ? kept.vote : null;
  } catch {
    return null;
  }
}

export function dropUnsent(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}
