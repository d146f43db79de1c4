/**
 * Purpose: who may do what, as a pure decision over who is calling. Deny by default: what is not named is refused.
 * Refuses: mixing kinds of caller: an officer's session never opens a staff page, an API key never a station's.
 */
import type { Role } from '@hailong/shared/protocol/http.ts';

export type Who =
  /** Anybody. */
  | 'public'
  /** Proves itself inside its own handler: signed hello, blob token, recorder token. */
  | 'device'
  | 'recorder'
  /** An enrolled station (first factor). */
  | 'station'
  /** An officer logged in at an enrolled station (both factors). */
  | 'officer'
  | 'apiKey'
  | Role;

export interface LockedLogin {
  readonly sessionId: string;
  readonly officerId: string;
  readonly dutyId: string | null;
  readonly why: 'away' | 'lunch';
}

export type Identity =
  | {
      readonly kind: 'station';
      readonly stationId: string;
      readonly counterId: string;
      /** A login that rests here until its PIN: it proves the station and no more. */
      readonly locked?: LockedLogin;
    }
  | {
      readonly kind: 'officer';
      readonly stationId: string;
      readonly counterId: string;
      readonly officerId: string;
      readonly dutyId: string | null;
      readonly sessionId: string;
    }
  | {
      readonly kind: 'user';
      readonly userId: string;
      readonly username: string;
      readonly name: string;
      readonly roles: readonly Role[];
      readonly sessionId: string;
    }
  | {
      readonly kind: 'apiKey';
      readonly keyId: string;
      readonly name: string;
      /** Null: every counter. */
      readonly counterIds: readonly string[] | null;
      readonly readsRatings: boolean;
    };

export function isOf(identity: Identity, who: Who): boolean {
  switch (identity.kind) {
    case 'user':
      return (identity.roles as readonly Who[]).includes(who);
    case 'officer':
      return who === 'officer' || who === 'station';
    default:
      return identity.kind === who;
  }
}

export type Admission =
  | { readonly admitted: true; readonly identity: Identity | null }
  | { readonly admitted: false; readonly code: 'access.login_required' | 'access.refused' };

/** The first identity that a row names. Somebody known but not named is refused; nobody known must log in. */
export function admit(who: readonly Who[], callers: readonly Identity[]): Admission {
  for (const each of who) {
    const identity = callers.find((caller) => isOf(caller, each));
    if (identity) return { admitted: true, identity };
  }
  if (who.includes('public') || who.includes('device') || who.includes('recorder'))
    return { admitted: true, identity: null };
  return { admitted: false, code: callers.length > 0 ? 'access.refused' : 'access.login_required' };
}

/** Object rule of counters: an officer only its own, an API key only those it was issued for. */
export function mayUseCounter(identity: Identity | null, counterId: string): boolean {
  switch (identity?.kind) {
    case 'officer':
    case 'station':
      return identity.counterId === counterId;
    case 'apiKey':
      return identity.counterIds === null || identity.counterIds.includes(counterId);
    case 'user':
      return true;
    default:
      return false;
  }
}

/**
 * Single ratings: a key without this right learns that one was given, never which level. The provincial system's screen stands
 * beside the station, so what its key may read an officer may see.
 */
export const mayReadRatings = (identity: Identity | null): boolean =>
  identity?.kind !== 'apiKey' || identity.readsRatings;

/** What retention left tells what is held, and so of bad ratings and cases: a key learns what was recorded instead. */
export const mayKnowKept = (identity: Identity | null): identity is Extract<Identity, { kind: 'user' }> =>
  identity?.kind === 'user';

/** How the audit log names a caller. */
export function actorOf(identity: Identity | null): string {
  switch (identity?.kind) {
    case 'user':
      return `user:${identity.username}`;
    case 'officer':
      return `officer:${identity.officerId}`;
    case 'station':
      return `station:${identity.stationId}`;
    case 'apiKey':
      return `api-key:${identity.keyId}`;
    default:
      return 'anonymous';
  }
}
