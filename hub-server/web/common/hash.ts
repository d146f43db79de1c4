/** Which place of the page is open: the part of the address after `#`, so that Back works and a reload stays. */
import { useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

/** `#/case/ID` → `['case', 'ID']`; an empty part stays, it is a key too. */
export function useHash(): readonly string[] {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const path = hash.replace(/^#\/?/, '');
  return path === '' ? [] : path.split('/').map(decodeURIComponent);
}

export function go(...parts: string[]): void {
  location.hash = `#/${parts.map(encodeURIComponent).join('/')}`;
}

export function href(...parts: string[]): string {
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}
