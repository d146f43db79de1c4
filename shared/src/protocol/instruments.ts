/**
 * Administration of forms: versions, where each is asked, what kiosks offer beside them, reasons of silent
 * outcomes. Everything here is of role admin.
 * Document: hub-server/DESIGN.md, "Instruments".
 */
import { z } from 'zod';
import { counterId } from '../ids.ts';
import { languageCode, lastMonth, outcomeReason } from '../model/counter-config.ts';
import { instrument, instrumentRef } from '../model/instrument.ts';
import { procedureCode, stage } from '../model/transaction.ts';
import { utcMs } from '../time.ts';

/** Null: every counter, procedure, stage. */
export const usePlace = z.object({
  counterId: counterId.nullable(),
  procedureCode: procedureCode.nullable(),
  stage: stage.nullable(),
});
export type UsePlace = z.infer<typeof usePlace>;

/** GET /api/v1/admin/instruments */
export const instrumentsAnswer = z.object({
  items: z.array(
    z.object({
      /** The newest version, whole. */
      instrument,
      /** Newest first. */
      versions: z.array(z.object({ version: z.int(), since: utcMs })),
    }),
  ),
  /** In force now. */
  uses: z.array(usePlace.extend({ instrument: instrumentRef, from: utcMs })),
});
export type InstrumentsAnswer = z.infer<typeof instrumentsAnswer>;

/** GET /api/v1/admin/instruments/{id}/{version} answers the form as it was then. */
export const instrumentVersion = z.object({
  id: z.string().max(40),
  version: z.coerce.number().int().min(1),
});

/** PUT /api/v1/admin/instruments/{id}: the next version. The version written in the form is not read. */
export const saveInstrument = z.object({
  /** The newest version as it was when the form was opened; null: there is none. Another one by now: `request.conflict`. */
  base: z.int().min(1).nullable(),
  /** The new version is asked wherever `base` is asked now. */
  inUse: z.boolean(),
  instrument,
});
export const savedInstrument = z.object({ id: z.string(), version: z.int() });

/** PUT /api/v1/admin/instrument-uses; null ends the use. */
export const saveUse = usePlace.extend({ instrument: instrumentRef.nullable() });

/** GET and PUT /api/v1/admin/kiosk-settings */
export const kioskSettings = z.object({
  /** Whoever is not served may rate, at most so often; null: not offered. */
  walkup: z.object({ minIntervalMs: z.int().min(0).max(3_600_000) }).nullable(),
  /** Null: nothing is said. */
  lastMonth: lastMonth.nullable(),
  /** Approved by somebody who speaks them. */
  languages: z.array(languageCode).max(3),
  /** How long after it last heard the hub a kiosk may check an officer's PIN; 0: not at all. */
  pinDays: z.int().min(0).max(90),
  /** A key on each question that reads it aloud, where the office has recorded all of it. */
  voices: z.boolean(),
});
export type KioskSettings = z.infer<typeof kioskSettings>;

/** GET /api/v1/admin/month-cases?month=YYYY-MM answers `lastMonth` from the hub's own cases, for whoever fills in the form. */

/** GET /api/v1/admin/reasons, and the answer to PUT: the whole list in its order. A key once given stays, with its outcome. */
export const officeReasons = z.object({
  reasons: z.array(outcomeReason.extend({ active: z.boolean() })).max(60),
});
export type OfficeReasons = z.infer<typeof officeReasons>;

/** PUT /api/v1/admin/reasons */
export const saveReasons = officeReasons.extend({
  /** The list as it was when it was opened. Another one is held by now: `request.conflict`. */
  base: officeReasons.shape.reasons,
});
export type SaveReasons = z.infer<typeof saveReasons>;
