/**
 * Purpose: who may ask for an act of two people and who may be its second person, judged at both moments.
 * Refuses: the same person twice (account, name, session or key), a token that its person did not make, a right that has gone since,
 *   an act that is over.
 * Document: hub-server/DESIGN.md, "Acts of two people".
 */
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { ActKind, ActState } from '@hailong/shared/protocol/acts.ts';
import type { Role } from '@hailong/shared/protocol/http.ts';
import { areTwo } from './two-people.ts';

export interface ActRule {
  readonly asks: readonly Role[];
  readonly approves: readonly Role[];
  /** How long it waits for its second person. */
  readonly livesMs: number;
}

const DAY_MS = 86_400_000;
/** A weekend and a colleague's day off lie in between. */
const LIVES_MS = 5 * DAY_MS;
export const ACT_RULES: Readonly<Record<ActKind, ActRule>> = {
  'wider-interval': { asks: ['inspector'], approves: ['inspector', 'admin'], livesMs: LIVES_MS },
  'evidence-export': { asks: ['inspector'], approves: ['inspector', 'admin'], livesMs: LIVES_MS },
  'hold-add': { asks: ['inspector', 'admin'], approves: ['inspector', 'admin'], livesMs: LIVES_MS },
  'hold-end': { asks: ['inspector', 'admin'], approves: ['inspector', 'admin'], livesMs: LIVES_MS },
  'counter-reported': { asks: ['inspector', 'admin'], approves: ['inspector', 'admin'], livesMs: LIVES_MS },
};

/** Somebody as the hub knows them at this moment, and what they act through. */
export interface ActPerson {
  readonly userId: string;
  readonly username: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly active: boolean;
  /** Id of the session or `token:` of the key. */
  readonly via: string;
  /** Their own login, or a token that they made themselves in one: whoever has the hub's shell can make a token of anybody. */
  readonly own: boolean;
}
export interface PendingAct {
  readonly kind: ActKind;
  readonly state: ActState;
  readonly expiresAt: number;
  /** About a denunciation: administrators hear nothing of it. */
  readonly secret: boolean;
}

const holds = (person: ActPerson | null, roles: readonly Role[]): person is ActPerson =>
  person?.active === true && person.roles.some((role) => roles.includes(role));

export const approvers = (kind: ActKind, secret: boolean): readonly Role[] =>
  ACT_RULES[kind].approves.filter((role) => !secret || role === 'inspector');

export const mayAsk = (kind: ActKind, person: ActPerson | null): boolean =>
  holds(person, ACT_RULES[kind].asks);

export const areSame = (a: ActPerson, b: ActPerson): boolean =>
  a.userId === b.userId || a.via === b.via || !areTwo([a.username, b.username]) || !areTwo([a.name, b.name]);

/** Null: it may be decided. */
function judgeWaiting(act: PendingAct, now: number): ErrorCode | null {
  if (act.state !== 'pending') return 'act.decided';
  return act.expiresAt <= now ? 'act.expired' : null;
}

/** `asker`, `approver`: as they stand now, not as they stood when it was asked. Null: it may happen. */
export function judgeApproval(
  act: PendingAct,
  asker: ActPerson | null,
  approver: ActPerson | null,
  now: number,
): ErrorCode | null {
  if (!holds(approver, approvers(act.kind, act.secret))) return 'access.refused';
  const waiting = judgeWaiting(act, now);
  if (waiting) return waiting;
  if (!mayAsk(act.kind, asker) || asker === null) return 'act.asker_gone';
  if (areSame(asker, approver)) return 'access.two_people';
  return asker.own && approver.own ? null : 'access.token_given';
}

/** Whoever asked withdraws it, whoever could approve it refuses it. */
export function judgeRefusal(
  act: PendingAct,
  askerId: string,
  person: ActPerson | null,
  now: number,
): ErrorCode | 'withdrawn' | 'refused' {
  const isAsker = person?.userId === askerId;
  if (!person?.active || (!isAsker && !holds(person, approvers(act.kind, act.secret))))
    return 'access.refused';
  return judgeWaiting(act, now) ?? (isAsker ? 'withdrawn' : 'refused');
}
