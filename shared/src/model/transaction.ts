/** A transaction (lượt phục vụ): one service at one counter by one officer, with a stage and 0 to n dossiers. */
import { z } from 'zod';

/** reception, supplement, return of a result, refusal, advice. */
export const stage = z.enum(['reception', 'supplement', 'return', 'refusal', 'advice']);
export type Stage = z.infer<typeof stage>;

export const outcome = z.enum(['completed', 'supplement', 'refused', 'no_show', 'test', 'accident']);
export type Outcome = z.infer<typeof outcome>;

/** Outcomes that open no counter prompt (their private route is a matter of the hub's chain). */
export const SILENT_OUTCOMES: ReadonlySet<Outcome> = new Set(['no_show', 'test', 'accident']);

/** Key of one reason for a silent outcome in the office's list: free text would bring names into a chain. */
export const reasonKey = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/);
export type ReasonKey = z.infer<typeof reasonKey>;

/** Why an officer on duty is away. */
export const pauseReason = z.enum(['lunch', 'away']);

/** A dossier code as printed on the receipt slip, e.g. `H21.27-261120-0043`. Compared upper-case. */
export const dossierCode = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9][A-Z0-9./-]{2,39}$/);
export const procedureCode = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/);
/** số thứ tự: the queue number the citizen holds, e.g. `A012`. */
export const queueNumber = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9][A-Z0-9-]{0,11}$/);
/** mã cán bộ: the officer's staff code. */
export const officerCode = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9][A-Z0-9._-]{0,19}$/);
/** 4 to 8 digits. */
export const pin = z.string().regex(/^[0-9]{4,8}$/);
