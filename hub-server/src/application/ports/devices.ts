/** Storage of kiosks: enrolment, what they last said, revocation. */
import type { Checkpoint } from '@hailong/shared/log/advance.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';

export interface EnrolInput {
  /** Hex SHA-256 of the normalised code. */
  readonly codeHash: string;
  readonly device: string;
  readonly publicKey: Uint8Array;
  readonly build: string;
  readonly at: number;
}
export type EnrolResult =
  | {
      readonly ok: true;
      readonly counterId: string;
      readonly serial: number;
      /** Revoked by it; null: none. */
      readonly replaced: string | null;
      /** The one that was shown with the code; else the newest. */
      readonly checkpoint: Checkpoint | null;
    }
  | {
      readonly ok: false;
      readonly code: 'enrol.code_unknown' | 'enrol.waiting' | 'enrol.refused' | 'device.revoked';
    };

export interface DeviceRow {
  readonly id: string;
  readonly counterId: string;
  readonly enrolledAt: number;
  readonly revokedAt: number | null;
  readonly lastSeenAt: number | null;
  readonly build: string;
  /** Last deviceStatus as JSON. */
  readonly status: string | null;
  readonly alarm: string | null;
  /** Two people wrote off what it still held when it was revoked: JSON {by, reason, at, unsynced}. */
  readonly writtenOff: string | null;
  /** The first of two people: JSON {by, reason, at}; null: nobody. */
  readonly writeOffAsked: string | null;
}

export interface WaitingRow {
  readonly id: string;
  readonly counterId: string;
  readonly publicKey: Uint8Array;
  readonly build: string;
  readonly claimedAt: number;
  readonly expiresAt: number;
  readonly contested: number;
  readonly replaces: string | null;
}

export interface RosterRow {
  readonly serial: number;
  readonly device: string;
  readonly counterId: string;
  readonly counter: string;
  readonly counterName: string;
  readonly enrolledAt: number;
  readonly approvedBy: string | null;
  readonly approvedAt: number | null;
  readonly revokedAt: number | null;
  readonly status: string | null;
  readonly writtenOff: string | null;
}

export interface DevicesPort {
  /** Uses the code up and admits the key, in one transaction. */
  enrol(input: EnrolInput): Promise<EnrolResult>;
  /** A kiosk this data had forgotten comes back by its certificate; its serial and all before it are taken. */
  readmit(input: {
    readonly device: string;
    readonly publicKey: Uint8Array;
    readonly counterId: string;
    readonly serial: number;
    readonly at: number;
  }): Promise<null>;
  list(): Promise<readonly DeviceRow[]>;
  said(input: {
    readonly device: string;
    readonly at: number;
    readonly build: string;
    readonly status: string;
  }): Promise<null>;
  /** A revoked kiosk said hello: what of its epochs is not here is what it still holds; `more`: of these at least. */
  refused(input: {
    readonly device: string;
    readonly epochs: readonly { readonly epoch: string; readonly seq: number }[];
    readonly more: boolean;
    readonly at: number;
  }): Promise<null>;
  seen(input: { readonly device: string; readonly at: number }): Promise<null>;
  /** Codes that somebody brought and nobody has decided about, the oldest first. */
  waiting(input: { readonly at: number }): Promise<readonly WaitingRow[]>;
  /** False: no such request waits. */
  decideEnrolment(input: {
    readonly id: string;
    readonly approve: boolean;
    readonly by: string;
    readonly at: number;
    readonly audit: AuditEntry;
  }): Promise<boolean>;
  /** Every enrolment there ever was, the newest first. */
  roster(): Promise<readonly RosterRow[]>;
  /** The first of two people; `done`: somebody else had asked before, and it is written off. Null: nothing is open. */
  askWriteOff(input: {
    readonly id: string;
    readonly unsynced: number;
    readonly by: string;
    readonly reason: string;
    readonly at: number;
  }): Promise<'asked' | 'done' | null>;
  /** False: not revoked, or written off before. */
  writeOff(input: {
    readonly id: string;
    readonly unsynced: number;
    readonly by: readonly string[];
    readonly reason: string;
    readonly at: number;
  }): Promise<boolean>;
  /** Null: no such device, or revoked before. */
  revoke(input: {
    readonly id: string;
    readonly at: number;
    readonly audit: AuditEntry;
  }): Promise<{ readonly counterId: string } | null>;
}
