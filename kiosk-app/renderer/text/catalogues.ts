import type { Language } from '../kiosk-machine.ts';
import { en } from './en.ts';
import { type Catalogue, vi } from './vi.ts';

export const catalogues: Readonly<Record<Language, Catalogue>> = { vi, en };
