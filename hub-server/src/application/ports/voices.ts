/** Storage of the office's recordings, each with its bytes. Every change writes its log row and a new directory revision. */
import type { Instrument } from '@hailong/shared/model/instrument.ts';
import type { VoiceRecording } from '@hailong/shared/protocol/voices.ts';
import type { Sound } from '../../domain/voices/sound.ts';
import type { Who } from './instruments.ts';

/** One sentence in one language. */
export interface Sentence {
  readonly language: string;
  readonly words: string;
}

export interface VoicesPort {
  /** `forms`: what is asked anywhere now, and the newest version of every other. */
  list(): Promise<{
    readonly forms: readonly { readonly form: Instrument; readonly used: boolean }[];
    readonly recordings: readonly VoiceRecording[];
  }>;
  /** Replaces the one before. `unknown`: no form says these words. `full`: too many, or too large together. */
  save(input: Who & Sentence & Sound & { readonly bytes: Uint8Array }): Promise<'saved' | 'unknown' | 'full'>;
  /** Bytes that nothing names any more go with it. */
  remove(input: Who & Sentence): Promise<'removed' | 'gone'>;
}
