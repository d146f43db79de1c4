/** A counter's screen from one snapshot: office, counter, form, procedures, who may be on duty and who is. */
import type { OfficerProfile } from '@hailong/shared/model/directory.ts';
import type { KioskSettings } from '@hailong/shared/protocol/instruments.ts';
import type { CounterScreen, RosterOfficer, ScreensPort } from '../../../application/ports/screens.ts';
import { type Db, many, one, read, type Store } from '../op.ts';
import { counterOf, officeOf, outcomeReasons, PROFILE, procedures } from './directory-rows.ts';
import { formsAt } from './instrument-rows.ts';
import { kioskSettings } from './instruments-store.ts';
import { directoryRevision } from './meta.ts';
import { openDuty } from './views-store.ts';

function config(db: Db, counterId: string): CounterScreen['config'] {
  const [settings, counter, forms] = [officeOf(db), counterOf(db, counterId), formsAt(db, counterId)];
  if (!settings || !counter || !forms) return null;
  const { privateUrl, ...office } = settings;
  return {
    ...{ revision: directoryRevision(db), office, counter, ...forms },
    procedures: procedures(db).filter((each) => each.active),
    privateUrl: privateUrl ?? null,
    reasons: outcomeReasons(db),
    ...offered(kioskSettings(db)),
    camera: cameraOf(db, counterId),
  };
}

function offered({ walkup, lastMonth, languages }: KioskSettings) {
  // What was not translated is shown in English, see shared/PROTOCOL.md, "Configuration".
  const further = languages.map((code) => ({ code, approved: true, texts: [] }));
  return { walkup, lastMonth, languages: further };
}

/** The longest that one of them keeps: what is promised must hold for all. */
function cameraOf(db: Db, counterId: string): { retentionDays: number } | null {
  const { days } = one<{ days: number | null }>(
    db,
    `SELECT max(c.retention_days) AS days FROM camera_counter m JOIN camera c ON c.id = m.camera_id
     WHERE m.counter_id = ? AND m.to_at IS NULL AND c.active = 1`,
    counterId,
  )!;
  return days === null ? null : { retentionDays: days };
}

/** A counter's last duties, by which officers of other units are known there. */
const KNOWN_DUTIES = 100;
const ROSTER = `WITH came(id, unit) AS (
    SELECT * FROM (SELECT officer_id, unit_id FROM duty WHERE counter_id = :counter
      ORDER BY started_at DESC LIMIT ${KNOWN_DUTIES})
    UNION
    SELECT json_extract(content, '$.profile.id'), json_extract(content, '$.profile.unitId') FROM (
      SELECT content FROM intent WHERE counter_id = :counter AND kind = 'duty.start' ORDER BY seq DESC LIMIT 1))
  ${PROFILE} JOIN counter c ON c.id = :counter
  WHERE c.active = 1 AND o.active = 1 AND (o.unit_id = c.unit_id OR (o.id, o.unit_id) IN came)
  ORDER BY (o.id, o.unit_id) IN came DESC, o.code`;

/** Whoever cannot log in here has null. */
const PINS = 'SELECT id, pin_hash FROM officer WHERE id IN (SELECT value FROM json_each(?))';

function rosterAt(db: Db, counterId: string): RosterOfficer[] {
  const profiles = many<OfficerProfile>(db, ROSTER, { counter: counterId });
  const ids = JSON.stringify(profiles.map(({ id }) => id));
  const rows = many<{ id: string; pin_hash: string | null }>(db, PINS, ids);
  const pins = new Map(rows.map((row) => [row.id, row.pin_hash]));
  return profiles.map((profile) => ({ profile, pinHash: pins.get(profile.id) ?? null }));
}

function screen(db: Db, counterId: string): CounterScreen {
  const roster = rosterAt(db, counterId);
  const duty = openDuty(db, counterId);
  const profile = roster.find((one) => one.profile.id === duty?.officerId)?.profile ?? null;
  const { pinDays } = kioskSettings(db);
  return { config: config(db, counterId), roster, pinDays, shown: duty && { dutyId: duty.dutyId, profile } };
}

export const screensStore: Store<ScreensPort> = { ofCounter: read(screen) };
