/** Storage of people and places. Every change writes its audit row in the same transaction. */

import type { CounterId, OfficerId, Sha256Hex } from '@hailong/shared/ids.ts';
import type { OutcomeReason } from '@hailong/shared/model/counter-config.ts';
import type {
  Camera,
  Counter,
  Officer,
  OfficerProfile,
  OfficeSettings,
  Procedure,
  Unit,
} from '@hailong/shared/model/directory.ts';
import type { ChangeMap, MapRow } from '@hailong/shared/protocol/camera-map.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import type { ImportKind, ImportPlan, ImportRow } from '../../domain/directory/import-plan.ts';
import type { SaveResult } from './access.ts';

export interface OfficerLogin {
  readonly profile: OfficerProfile;
  readonly pinHash: string | null;
}
/** With the sealed password: for the recorder link, which opens it; never for an answer. */
export type CameraSecret = Camera & { readonly sealedPassword: string };

export interface DirectoryPort {
  office(): Promise<OfficeSettings | null>;
  saveOffice(input: { office: OfficeSettings; audit: AuditEntry }): Promise<null>;

  units(): Promise<readonly Unit[]>;
  officers(): Promise<readonly Officer[]>;
  counters(): Promise<readonly Counter[]>;
  procedures(): Promise<readonly Procedure[]>;
  /** Reasons of outcomes that ask nobody, each outcome's first one first. */
  outcomeReasons(): Promise<readonly OutcomeReason[]>;
  /** Also those that are given no more. */
  allReasons(): Promise<readonly (OutcomeReason & { readonly active: boolean })[]>;
  cameras(): Promise<readonly Camera[]>;
  camerasWithSecrets(): Promise<readonly CameraSecret[]>;
  counter(input: { id: CounterId }): Promise<Counter | null>;
  profile(input: { id: OfficerId }): Promise<OfficerProfile | null>;
  /** Active officers only. */
  officerLogin(input: { code: string }): Promise<OfficerLogin | null>;

  saveUnit(input: { unit: Unit; create: boolean; demo: boolean; audit: AuditEntry }): Promise<SaveResult>;
  /** `pinHash` null keeps the one held; the photo is kept. A deactivated officer's sessions end. */
  saveOfficer(input: {
    officer: Omit<Officer, 'photo'>;
    pinHash: string | null;
    create: boolean;
    demo: boolean;
    audit: AuditEntry;
  }): Promise<{ result: SaveResult | 'no-unit'; ended: readonly string[] }>;
  setPhoto(input: { id: OfficerId; photo: Sha256Hex; audit: AuditEntry }): Promise<boolean>;
  saveCounter(input: {
    counter: Counter;
    create: boolean;
    demo: boolean;
    audit: AuditEntry;
  }): Promise<SaveResult | 'no-unit'>;
  saveProcedure(input: {
    procedure: Procedure;
    create: boolean;
    demo: boolean;
    audit: AuditEntry;
  }): Promise<SaveResult>;
  /** `sealedPassword` null keeps the one held. Maps of camera to counter keep their history. */
  saveCamera(input: {
    camera: Camera;
    sealedPassword: string | null;
    create: boolean;
    demo: boolean;
    at: number;
    audit: AuditEntry;
  }): Promise<SaveResult | 'no-counter'>;

  /** When a camera saw which counter, newest first. */
  cameraMap(input: { cameraId: string }): Promise<readonly MapRow[]>;
  changeCameraMap(input: {
    cameraId: string;
    change: ChangeMap;
    audit: AuditEntry;
  }): Promise<'saved' | 'gone' | 'no-counter' | 'overlap'>;
  /** A row that was never so; what it led to keep stays kept. */
  removeCameraMap(input: {
    cameraId: string;
    row: { counterId: string; from: number };
    audit: AuditEntry;
  }): Promise<'removed' | 'gone'>;

  /** What an import would do, judged on one snapshot. */
  planImport(input: { kind: ImportKind; rows: readonly ImportRow[] }): Promise<ImportPlan>;
  /** Judges again and applies all, or nothing when any row is wrong. */
  applyImport(input: {
    kind: ImportKind;
    rows: readonly ImportRow[];
    /** One id per row, used by those that add. */
    newIds: readonly string[];
    /** By row: the hash of the PIN or the sealed password it brings. */
    secrets: readonly (string | null)[];
    at: number;
    audit: AuditEntry;
  }): Promise<ImportPlan>;

  /** Removes the demo's people, places and logins; facts stay. `last-admin`: nobody else could administer. */
  removeDemo(input: { at: number; audit: AuditEntry }): Promise<{
    result: 'removed' | 'last-admin';
    ended: readonly string[];
    counterIds: readonly string[];
  }>;
  demoPresent(): Promise<boolean>;
}
