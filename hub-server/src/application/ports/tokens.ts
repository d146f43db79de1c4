/** Storage of personal tokens; the token itself is never stored. */
import type { TokenScope } from '@hailong/shared/protocol/tokens.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import type { WebUser } from './access.ts';

export interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  readonly usedAt: number | null;
}
export interface TokensPort {
  issue(input: {
    readonly id: string;
    readonly userId: string;
    readonly tokenHash: string;
    readonly name: string;
    readonly scopes: readonly TokenScope[];
    readonly expiresAt: number;
    readonly audit: AuditEntry;
  }): Promise<null>;
  /** Newest first. */
  of(input: { readonly userId: string }): Promise<readonly TokenRow[]>;
  /** `userId` null: whoever's. False: no such token, or revoked before. */
  revoke(input: {
    readonly id: string;
    readonly userId: string | null;
    readonly audit: AuditEntry;
  }): Promise<boolean>;
  /** Whose it is, as they stand now. Null: unknown, revoked, expired, or its person may not log in any more. */
  use(input: { readonly tokenHash: string; readonly at: number }): Promise<{
    readonly id: string;
    readonly scopes: readonly TokenScope[];
    /** Before this time; null: never. */
    readonly usedAt: number | null;
    readonly user: WebUser;
  } | null>;
  /** The same, without a note of it. */
  look: TokensPort['use'];
}
