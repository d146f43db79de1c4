/**
 * The language of the page: Vietnamese unless the reader chose English on this machine. A catalogue is a pair of
 * objects of one type, so that a missing English sentence does not compile.
 */
import { useSyncExternalStore } from 'react';
import type { Catalogue, Lang } from './languages.ts';

export type { Catalogue, Lang };

const KEY = 'hailong.lang';
const listeners = new Set<() => void>();
let current: Lang = remembered();
document.documentElement.lang = current;

function remembered(): Lang {
  try {
    return localStorage.getItem(KEY) === 'en' ? 'en' : 'vi';
  } catch {
    return 'vi';
  }
}

export function setLang(lang: Lang): void {
  current = lang;
  document.documentElement.lang = lang;
  try {
    localStorage.setItem(KEY, lang);
  } catch {
    // a browser without storage asks again next time
  }
  for (const tell of listeners) tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLang(): Lang {
  return useSyncExternalStore(subscribe, () => current);
}

export function useText<T>(catalogue: Catalogue<T>): T {
  return catalogue[useLang()];
}
