/**
 * The loopback token arrives in the fragment of the address (never sent to a server), moves to the tab's session
 * storage and leaves the address bar, so that nobody reads it from the screen.
 */
const KEY = 'kiosk-token';

export interface TokenPlaces {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState'>;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
}

export function takeToken({ location, history, storage }: TokenPlaces): string {
  const given = new URLSearchParams(location.hash.replace(/^#/, '')).get('token');
  if (given === null || given === '') return storage.getItem(KEY) ?? '';
  storage.setItem(KEY, given);
  history.replaceState(null, '', location.pathname + location.search);
  return given;
}
