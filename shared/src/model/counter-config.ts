/**
 * What a counter is told beside its office, its name and its form: further forms and where they are used, further
 * languages, voices, reasons for a silent outcome, the figures of last month. All of it is data of the hub.
 * Document: shared/PROTOCOL.md, "Configuration".
 */
import { z } from 'zod';
import { sha256Hex } from '../ids.ts';
import { bilingual, instrumentRef } from './instrument.ts';
import { procedureCode, reasonKey, stage } from './transaction.ts';

/** Where a form is used now: null fits every procedure, every stage. The most exact row wins, see `instrumentUseAt`. */
export const instrumentUse = z.object({
  procedure: procedureCode.nullable(),
  stage: stage.nullable(),
  instrument: instrumentRef,
});
export type InstrumentUse = z.infer<typeof instrumentUse>;

/** By procedure and stage, else by procedure, else by stage, else the one for all; null: the counter's own form. */
export function instrumentUseAt(
  uses: readonly InstrumentUse[],
  at: { readonly procedure: string | null; readonly stage: z.infer<typeof stage> },
): InstrumentUse | null {
  const weight = (use: InstrumentUse): number =>
    (use.procedure === null ? 0 : 2) + (use.stage === null ? 0 : 1);
  let best: InstrumentUse | null = null;
  for (const use of uses) {
    if (use.procedure !== null && use.procedure !== at.procedure) continue;
    if (use.stage !== null && use.stage !== at.stage) continue;
    if (best === null || weight(use) > weight(best)) best = use;
  }
  return best;
}

/** ISO 639, as in `lang` of a page. */
export const languageCode = z.string().regex(/^[a-z]{2,3}$/);
/** One text of an instrument: its question, a level's word, a criterion, an option of a criterion, a chip. */
export const textKey = z
  .string()
  .regex(
    /^(question|level\.[1-5]|criterion\.[a-z][a-z0-9_]{0,39}|option\.[a-z][a-z0-9_]{0,39}\.[1-5]|chip\.[a-z][a-z0-9]{5})$/,
  );

/**
 * A language beside Vietnamese and English that this office offers. Only one that somebody who speaks it has approved is
 * sent with `approved`; no other is ever offered to a citizen. Its texts lie beside the instruments, whose bytes do not
 * change by them; a text that is missing is shown in English.
 */
export const furtherLanguage = z.object({
  code: languageCode,
  approved: z.boolean(),
  texts: z
    .array(z.object({ instrument: instrumentRef, key: textKey, text: z.string().min(1).max(300) }))
    .max(500),
});
export type FurtherLanguage = z.infer<typeof furtherLanguage>;

/** A recording of the office, fetched as a blob (Ogg, WAV or MP3, at most 1 MB). No recording, no voice. */
export const voiceClip = z.object({
  language: languageCode,
  instrument: instrumentRef,
  key: textKey,
  sha256: sha256Hex,
});
export type VoiceClip = z.infer<typeof voiceClip>;

/** A reason an officer may give for an outcome that asks nobody at the counter. */
export const outcomeReason = z.object({
  key: reasonKey,
  outcome: z.enum(['no_show', 'test', 'accident']),
  name: bilingual,
});
export type OutcomeReason = z.infer<typeof outcomeReason>;

/** "Tháng trước: 14 góp ý, đã khắc phục 12", a closed month of the whole office. */
export const lastMonth = z.object({
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
  received: z.int().min(0),
  mended: z.int().min(0),
});
