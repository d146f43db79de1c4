/**
 * The loopback token arrives in the fragment of the address (never sent to a server), moves to the tab's session
 * storage and leaves the address bar, so that nobody reads it from the screen.
 */
const KEY = 'kiosk-token';

/** The parts of the page that are used, so that this runs without one. */
export interface TokenPlaces {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
  readonly history: { replaceState(state: null, unused: string, url: string): void };
  readonly storage: { getItem(key: string): string | null; setItem(key: string, value: string): void };
}

export function takeToken({ location, history, storage }: TokenPlaces): string {
  const given = new URLSearchParams(location.hash.replace(/^#/, '')).get('token');
  if (given === null || given === '') return storage.getItem(KEY) ?? '';
  storage.setItem(KEY, given);
  history.replaceState(null, '', location.pathname + location.search);
  return given;
}
