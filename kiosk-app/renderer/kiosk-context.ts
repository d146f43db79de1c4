/** What every part of a screen may need: the words, the language, what keys do, where photos are. */
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import { createContext, useContext } from 'react';
import type { KioskInput, Language } from './kiosk-machine.ts';
import type { Catalogue } from './text/vi.ts';

export interface KioskContext {
  readonly language: Language;
  readonly text: Catalogue;
  readonly press: (input: KioskInput) => void;
  readonly photoUrl: (photo: Sha256Hex) => string;
}

export const Kiosk = createContext<KioskContext | null>(null);

export function useKiosk(): KioskContext {
  const context = useContext(Kiosk);
  if (context === null) throw new Error('A part of a screen is shown outside the kiosk.');
  return context;
}
