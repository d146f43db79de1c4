/**
 * Who may be on duty and on show at a counter: officers of its unit, and of another one those who came on duty here as
 * members of the unit they still belong to. Small statements by key, because each hello asks: one joined statement took
 * 0.7 ms in temporary tables.
 * Refuses: anybody at a counter that is not active. See hub-server/DESIGN.md, "Edge link".
 */
import type { OfficerProfile } from '@hailong/shared/model/directory.ts';
import { type Db, many, one } from '../op.ts';
import { counterOf, PROFILE } from './directory-rows.ts';

/** A counter's last duties, by which officers of other units are known there. */
const KNOWN_DUTIES = 100;
const DUTIES = `SELECT officer_id AS id, unit_id AS unitId FROM duty WHERE counter_id = ?
  ORDER BY started_at DESC LIMIT ${KNOWN_DUTIES}`;
const LAST_LOGIN = `SELECT content FROM intent WHERE counter_id = ? AND kind = 'duty.start' ORDER BY seq DESC LIMIT 1`;

interface Came {
  readonly id: string;
  readonly unitId: string | null;
}

/** By duties, and by the last login whether or not it became one. */
function cameTo(db: Db, counterId: string): readonly Came[] {
  const login = one<{ content: string }>(db, LAST_LOGIN, counterId);
  const stated = login && (JSON.parse(login.content) as { profile: OfficerProfile }).profile;
  const duties = many<Came>(db, DUTIES, counterId);
  return stated ? [...duties, { id: stated.id, unitId: stated.unitId }] : duties;
}

/** Likeliest first: who came before, then by code. */
export function profilesAt(db: Db, counterId: string): readonly OfficerProfile[] {
  const counter = counterOf(db, counterId);
  if (!counter?.active) return [];
  const found = new Map<string, OfficerProfile>();
  const before = new Set<string>();
  const ofUnit = many<OfficerProfile>(db, `${PROFILE} WHERE o.unit_id = ? AND o.active = 1`, counter.unitId);
  for (const profile of ofUnit) found.set(profile.id, profile);
  for (const { id, unitId } of cameTo(db, counterId)) {
    const known = found.get(id) ?? one<OfficerProfile>(db, `${PROFILE} WHERE o.id = ? AND o.active = 1`, id);
    if (known?.unitId !== unitId) continue;
    found.set(id, known);
    before.add(id);
  }
  const rank = ({ id }: OfficerProfile): number => (before.has(id) ? 0 : 1);
  return [...found.values()].sort((a, b) => rank(a) - rank(b) || (a.code < b.code ? -1 : 1));
}
