/**
 * Who may be on duty and on show at a counter, as rows: officers of its unit, and of another one those who came on duty
 * here as members of the unit they still belong to. Small statements by key, because each hello asks.
 * Refuses: anybody at a counter that is not active. See hub-server/DESIGN.md, "Edge link".
 */
import type { OfficerProfile } from '@hailong/shared/model/directory.ts';
import type { CounterRoster, RosterOfficer } from '../../../../application/ports/screens.ts';
import { type Db, many, one } from '../../op.ts';
import { counterOf, PROFILE } from '../directory/directory-rows.ts';

/** A counter's last duties, by which officers of other units are known there. */
const KNOWN_DUTIES = 100;
const DUTIES = `SELECT officer_id AS id, unit_id AS unitId FROM duty WHERE counter_id = ?
  ORDER BY started_at DESC LIMIT ${KNOWN_DUTIES}`;
const LAST_LOGIN = `SELECT content FROM intent WHERE counter_id = ? AND kind = 'duty.start' ORDER BY seq DESC LIMIT 1`;
const GUEST = `${PROFILE} WHERE o.id = ? AND o.unit_id = ? AND o.active = 1`;

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

export function rosterAt(db: Db, counterId: string, withPins: boolean): CounterRoster {
  const counter = counterOf(db, counterId);
  if (!counter?.active) return { unitId: null, guests: [], came: [] };
  const came = new Set<string>();
  const guests = new Map<string, OfficerProfile>();
  for (const { id, unitId } of cameTo(db, counterId)) {
    if (unitId === counter.unitId) came.add(id);
    else if (!guests.has(id)) {
      const guest = one<OfficerProfile>(db, GUEST, id, unitId);
      if (guest) guests.set(id, guest);
    }
  }
  const withTheirs = pinned(db, [...guests.values()], withPins);
  return { unitId: counter.unitId, guests: withTheirs, came: [...came] };
}

export function unitOfficers(db: Db, unitId: string, withPins: boolean): readonly RosterOfficer[] {
  const profiles = many<OfficerProfile>(
    db,
    `${PROFILE} WHERE o.unit_id = ? AND o.active = 1 ORDER BY o.code`,
    unitId,
  );
  return pinned(db, profiles, withPins);
}

/** Whoever cannot log in here has null. */
const PINS = 'SELECT id, pin_hash AS pinHash FROM officer WHERE id IN (SELECT value FROM json_each(?))';

function pinned(db: Db, profiles: readonly OfficerProfile[], withPins: boolean): readonly RosterOfficer[] {
  if (!withPins || profiles.length === 0) return profiles.map((profile) => ({ profile, pinHash: null }));
  const ids = JSON.stringify(profiles.map(({ id }) => id));
  const rows = many<{ id: string; pinHash: string | null }>(db, PINS, ids);
  const pins = new Map(rows.map(({ id, pinHash }) => [id, pinHash]));
  return profiles.map((profile) => ({ profile, pinHash: pins.get(profile.id) ?? null }));
}
