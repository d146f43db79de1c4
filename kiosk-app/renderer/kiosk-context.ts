/** What every part of a screen may need: the words, the language, what keys do, where photos and recordings are. */
import type { Bridge } from '@hailong/shared/protocol/ui.ts';
import { createContext, useContext } from 'react';
import type { KioskInput } from './kiosk-machine.ts';
import type { Language } from './text/catalogues.ts';
import type { Catalogue } from './text/vi.ts';

export interface KioskContext {
  readonly language: Language;
  /** Beside each other: the two that are always on, and what the office adds. */
  readonly offered: readonly Language[];
  readonly text: Catalogue;
  /** Whether it went to the agent at once. */
  readonly press: (input: KioskInput) => boolean;
  readonly blobs: Pick<Bridge, 'photoUrl' | 'voiceUrl'>;
}

export const Kiosk = createContext<KioskContext | null>(null);

export function useKiosk(): KioskContext {
  const context = useContext(Kiosk);
  if (context === null) throw new Error('A part of a screen is shown outside the kiosk.');
  return context;
}
