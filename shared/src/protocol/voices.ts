/**
 * Administration of the office's recordings: what kiosks read aloud when somebody asks for it. Of role admin.
 * PUT /api/v1/admin/voices?language=vi&words=… takes one as the multipart field `voice` and replaces the one before; DELETE
 * of the same address removes it; GET /api/v1/admin/voices/{sha256} plays it.
 * Document: hub-server/DESIGN.md, "Voices".
 */
import { z } from 'zod';
import { sha256Hex } from '../ids.ts';
import { languageCode, textKey } from '../model/counter-config.ts';
import { bilingual, instrumentRef } from '../model/instrument.ts';

export const voiceRecording = z.object({
  language: languageCode,
  /** The sentence that is read, letter by letter as the form has it. */
  words: z.string(),
  sha256: sha256Hex,
  mediaType: z.string(),
  durationMs: z.int().min(0),
  bytes: z.int().min(0),
});
export type VoiceRecording = z.infer<typeof voiceRecording>;

/** GET /api/v1/admin/voices */
export const voicesAnswer = z.object({
  /** Kiosks have the key that reads aloud; switched in /api/v1/admin/kiosk-settings. */
  on: z.boolean(),
  /** What is asked anywhere now, then the newest version of every other form. */
  forms: z.array(
    z.object({
      instrument: instrumentRef,
      name: bilingual,
      used: z.boolean(),
      /** Question by question, each sentence once. */
      sentences: z.array(z.object({ key: textKey, text: bilingual })),
    }),
  ),
  /** Also those whose words no form says any more. */
  recordings: z.array(voiceRecording),
});
export type VoicesAnswer = z.infer<typeof voicesAnswer>;

export const voiceSentence = z.object({
  language: z.enum(['vi', 'en']),
  words: z.string().min(1).max(300),
});
