/** Storage of cases and of the tickets that open footage for a while. */

import type { CameraId, CaseId, TransactionId } from '@hailong/shared/ids.ts';
import type { CaseAnswer, CaseType } from '@hailong/shared/protocol/http.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';

export interface FootageTicket {
  readonly ticketHash: string;
  readonly caseId: CaseId;
  readonly transactionId: TransactionId;
  readonly cameraId: CameraId;
  readonly sessionId: string;
  readonly expiresAt: number;
}

export interface CasePort {
  openCase(input: {
    id: CaseId;
    type: CaseType;
    documentNumber: string;
    purpose: string;
    transactionId: TransactionId;
    assignee: { id: string; name: string };
    disputed: boolean;
    at: number;
    /** `object` is filled with the number given. */
    audit: AuditEntry;
  }): Promise<CaseAnswer>;
  case(input: { id: string }): Promise<CaseAnswer | null>;
  casesOf(input: { assigneeId: string }): Promise<readonly CaseAnswer[]>;
  changeCase(input: {
    id: string;
    status?: 'open' | 'closed' | undefined;
    disputed?: boolean | undefined;
    at: number;
    audit: AuditEntry;
  }): Promise<CaseAnswer | null>;
  openCount(): Promise<number>;
  /** Cases opened in [from, to), and how many of them are closed by now; denunciations, which nobody may count, left out. */
  received(input: { from: number; to: number }): Promise<{ received: number; mended: number }>;

  /** The audit row and the ticket in one transaction: no address without its row. */
  issueTicket(input: { ticket: FootageTicket; at: number; audit: AuditEntry }): Promise<null>;
  /** Null: unknown, expired, or its case is closed. */
  ticket(input: { ticketHash: string; at: number }): Promise<FootageTicket | null>;
  /** One row per ticket and object, before its first byte. */
  recordAccess(input: { ticketHash: string; object: string; audit: AuditEntry }): Promise<null>;
}
