/** People and places: what the administration page edits and a kiosk is told. */
import { z } from 'zod';
import { cameraId, counterId, officerId, sha256Hex, unitId } from '../ids.ts';
import { officerCode, procedureCode, stage } from './transaction.ts';

export const personName = z.string().trim().min(1).max(80);
export const unit = z.object({
  id: unitId,
  code: z.string().trim().min(1).max(20),
  name: z.string().trim().min(1).max(120),
});
export type Unit = z.infer<typeof unit>;

export const officer = z.object({
  id: officerId,
  code: officerCode,
  name: personName,
  position: z.string().trim().min(1).max(80),
  unitId,
  photo: sha256Hex.nullable(),
  active: z.boolean(),
});
export type Officer = z.infer<typeof officer>;

export const counter = z.object({
  id: counterId,
  /** As on the sign: `5`, `5B`. */
  number: z.string().trim().min(1).max(8),
  name: z.string().trim().min(1).max(80),
  unitId,
  active: z.boolean(),
});
export type Counter = z.infer<typeof counter>;

export const procedure = z.object({
  code: procedureCode,
  name: z.string().trim().min(1).max(200),
  active: z.boolean(),
});
export type Procedure = z.infer<typeof procedure>;

/** A camera as people see it: the password is write-only and never leaves the hub. */
export const camera = z.object({
  id: cameraId,
  name: z.string().trim().min(1).max(80),
  /** `http(s)://…` ONVIF device address or `rtsp(s)://…`, without credentials. */
  address: z.string().trim().min(1).max(300),
  user: z.string().max(64),
  counterIds: z.array(counterId),
  retentionDays: z.int().min(1).max(3650),
  /** Latency of the picture behind the event in ms, measured at installation; 2000 until then. */
  latencyMs: z.int().min(0).max(20_000),
  active: z.boolean(),
  /** ONVIF adapter by hand; absent or null: the first that can read it. */
  via: z.enum(['node-onvif', 'onvif']).nullable().optional(),
});
export type Camera = z.infer<typeof camera>;

/** What the kiosk shows of the serving officer; `revision` grows with every change. */
export const officerProfile = z.object({
  id: officerId,
  code: officerCode,
  name: personName,
  position: z.string().max(80),
  unitId,
  unitName: z.string().max(120),
  photo: sha256Hex.nullable(),
  revision: z.int().min(0),
});
export type OfficerProfile = z.infer<typeof officerProfile>;

export const office = z.object({
  name: z.string().trim().min(1).max(120),
  place: z.string().trim().max(120),
  /** Number printed in the camera notice; empty when none. */
  phone: z.string().trim().max(40),
  retentionDays: z.int().min(1).max(3650),
});
export type Office = z.infer<typeof office>;

/** Where phones reach the hub: `https://host[:port][/path]`, without `#` and `?`. */
export const phoneAddress = z
  .string()
  .trim()
  .max(200)
  .regex(/^https?:\/\/[^\s#?]+$/);
/** As the administration keeps it. Without an address for phones no code is drawn; typed codes go on. */
export const officeSettings = office.extend({ privateUrl: phoneAddress.nullable().optional() });
export type OfficeSettings = z.infer<typeof officeSettings>;
export { stage };
