/** Storage of cases, of the tickets that open footage for a while, and of who watched. */

import type { CameraId, CaseId, CounterId, TransactionId } from '@hailong/shared/ids.ts';
import type { WatchedAnswer } from '@hailong/shared/protocol/cases.ts';
import type { CaseAnswer, CaseType } from '@hailong/shared/protocol/http.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';

export interface FootageTicket {
  readonly ticketHash: string;
  readonly caseId: CaseId;
  /** Of the case's `wider`; null: its own transaction or interval. */
  readonly intervalId: string | null;
  readonly cameraId: CameraId;
  readonly sessionId: string;
  readonly expiresAt: number;
}
/** Somebody opened this of that case. */
export interface FootageView {
  readonly ticketHash: string;
  readonly caseId: CaseId;
  readonly counterId: CounterId;
  readonly cameraId: CameraId;
  readonly transactionId: TransactionId | null;
  readonly viewer: { readonly id: string; readonly name: string };
  readonly from: number;
  readonly to: number;
}

export interface CasePort {
  /** Refuses an interval that adds up to too much with what its assignee named of that counter, or a camera that sees it, before (`footage.interval_sum`). */
  openCase(input: {
    id: CaseId;
    type: CaseType;
    documentNumber: string;
    purpose: string;
    transactionId: TransactionId | null;
    interval: { counterId: CounterId; from: number; to: number } | null;
    assignee: { id: string; name: string };
    disputed: boolean;
    /** Sealed. */
    petitioner: string | null;
    at: number;
    /** `object` is filled with the number given. */
    audit: AuditEntry;
  }): Promise<CaseAnswer>;
  /** By id or number. */
  case(input: { id: string }): Promise<CaseAnswer | null>;
  casesOf(input: { assigneeId: string }): Promise<readonly CaseAnswer[]>;
  /** Of one person: by number, or of any of these transactions. */
  casesNamed(input: {
    assigneeId: string;
    number: string | null;
    transactions: readonly TransactionId[];
  }): Promise<readonly CaseAnswer[]>;
  /** A closed case has told its officer, unless its type never does. */
  changeCase(input: {
    id: string;
    status?: 'open' | 'closed' | undefined;
    disputed?: boolean | undefined;
    at: number;
    audit: AuditEntry;
  }): Promise<CaseAnswer | null>;
  /** Told once; later calls change nothing. */
  tellOfficer(input: { id: string; at: number; audit: AuditEntry }): Promise<CaseAnswer | null>;
  /** The sealed words, and the row that says they were read. */
  petitioner(input: { id: string; audit: AuditEntry }): Promise<string | null>;
  /** Open ones; denunciations, which nobody may count, left out. */
  openCount(): Promise<number>;
  /** Cases opened in [from, to), and how many of them are closed by now; denunciations, which nobody may count, left out. */
  received(input: { from: number; to: number }): Promise<{ received: number; mended: number }>;

  /** The audit row and the ticket in one transaction: no address without its row. */
  issueTicket(input: { ticket: FootageTicket; at: number; audit: AuditEntry }): Promise<null>;
  /** Null: unknown, expired, or its case is closed. */
  ticket(input: { ticketHash: string; at: number }): Promise<FootageTicket | null>;
  /** One row per ticket and object, before its first byte; the first one of a ticket says who watched. */
  recordAccess(input: { view: FootageView; object: string; audit: AuditEntry }): Promise<null>;
  /** What an officer may know, newest first: see hub-server/DESIGN.md, "Cases and who watched". */
  watched(input: { officerId: string }): Promise<WatchedAnswer['views']>;
}
