/** Storage of logins: people on the web, stations, API keys, enrolment codes, throttles. One call, one transaction. */

import type { CounterId, OfficerId } from '@hailong/shared/ids.ts';
import type { Role } from '@hailong/shared/protocol/http.ts';
import type { SessionTimes } from '../../domain/access/session.ts';
import type { ThrottleKey } from '../../domain/access/throttle.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';

export interface WebUser {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly active: boolean;
}
export interface HeldUserSession extends SessionTimes {
  readonly sessionId: string;
  readonly user: WebUser;
}
export type LockedFor = 'away' | 'lunch';
export interface HeldOfficerSession extends SessionTimes {
  readonly sessionId: string;
  readonly stationId: string;
  readonly officerId: OfficerId;
  readonly dutyId: string | null;
  /** Null: awake. */
  readonly lockedFor: LockedFor | null;
}
export interface HeldStation {
  readonly stationId: string;
  readonly counterId: CounterId;
}
export interface StationRow {
  readonly id: string;
  readonly counterId: CounterId;
  readonly enrolledAt: number;
  readonly revokedAt: number | null;
  readonly lastSeenAt: number | null;
}
export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly counterIds: readonly string[] | null;
  /** Single ratings with their levels. */
  readonly readsRatings: boolean;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}
export interface NewUser {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly active: boolean;
  /** Null keeps the one held. */
  readonly passwordHash: string | null;
  readonly demo: boolean;
}
/** `taken`: another has that name · `last-admin`: nobody could administer afterwards · `gone`: no such row. */
export type SaveResult = 'saved' | 'taken' | 'last-admin' | 'gone';

export interface AccessPort {
  /** Counts one attempt under every key, or refuses and counts under none. */
  admitAttempt(input: { keys: readonly ThrottleKey[]; at: number }): Promise<boolean>;
  takeBackAttempt(input: { keys: readonly ThrottleKey[] }): Promise<null>;

  anyUser(): Promise<boolean>;
  /** False when somebody was first. */
  firstUser(input: { user: NewUser; audit: AuditEntry }): Promise<boolean>;
  userByName(input: { username: string }): Promise<(WebUser & { passwordHash: string }) | null>;
  users(): Promise<readonly WebUser[]>;
  /** Changed roles, a new password or deactivation end the user's sessions; their ids come back. */
  saveUser(input: { user: NewUser; create: boolean; audit: AuditEntry }): Promise<{
    result: SaveResult;
    ended: readonly string[];
  }>;

  openUserSession(input: {
    sessionId: string;
    tokenHash: string;
    userId: string;
    at: number;
    audit: AuditEntry;
  }): Promise<null>;
  userSession(input: { tokenHash: string }): Promise<HeldUserSession | null>;
  /** A new officer session at a station ends the one before it. */
  openOfficerSession(input: {
    sessionId: string;
    tokenHash: string;
    stationId: string;
    officerId: OfficerId;
    dutyId: string;
    at: number;
    audit: AuditEntry;
  }): Promise<{ ended: readonly string[] }>;
  officerSession(input: { tokenHash: string }): Promise<HeldOfficerSession | null>;
  /** The login rests, its sockets have to end; false: it has ended or rests already. */
  lockSession(input: { sessionId: string; why: LockedFor; at: number; audit: AuditEntry }): Promise<boolean>;
  unlockSession(input: { sessionId: string; at: number; audit: AuditEntry }): Promise<boolean>;
  touchSession(input: { sessionId: string; at: number }): Promise<null>;
  endSession(input: { sessionId: string; at: number; audit: AuditEntry }): Promise<null>;

  issueEnrolCode(input: {
    codeHash: string;
    kind: 'kiosk' | 'station';
    counterId: CounterId;
    expiresAt: number;
    /** Whoever brings it waits for somebody’s approval. */
    asks?: boolean;
    /** A kiosk of the same counter that is revoked with the enrolment. */
    replaces?: string | null;
    audit: AuditEntry;
  }): Promise<boolean>;
  /** Uses the code up. Null: unknown, used, expired, of another kind, or its counter is gone. */
  redeemStationCode(input: {
    codeHash: string;
    at: number;
    stationId: string;
    tokenHash: string;
    audit: AuditEntry;
  }): Promise<{ counterId: CounterId } | null>;
  station(input: { tokenHash: string }): Promise<HeldStation | null>;
  stations(): Promise<readonly StationRow[]>;
  stationSeen(input: { stationId: string; at: number }): Promise<null>;
  revokeStation(input: { stationId: string; at: number; audit: AuditEntry }): Promise<{
    revoked: boolean;
    ended: readonly string[];
  }>;

  createApiKey(input: {
    id: string;
    name: string;
    keyHash: string;
    counterIds: readonly string[] | null;
    readsRatings: boolean;
    at: number;
    demo: boolean;
    audit: AuditEntry;
  }): Promise<null>;
  apiKey(input: { keyHash: string }): Promise<ApiKeyRow | null>;
  apiKeys(): Promise<readonly ApiKeyRow[]>;
  revokeApiKey(input: { id: string; at: number; audit: AuditEntry }): Promise<boolean>;

  /** Newest first, `before` exclusive. With a reader: what is of a denunciation of somebody else is withheld. */
  audit(input: { before: number | null; limit: number; readerId?: string }): Promise<readonly AuditRow[]>;
  /** An act that changes no row. */
  record(input: { audit: AuditEntry }): Promise<null>;
}
export interface AuditRow {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly reason: string | null;
  /** Only number and time are told; the rest is empty. */
  readonly withheld: boolean;
  /** What they are called today; null where there is no name. */
  readonly actorName: string | null;
  readonly objectName: string | null;
}
