/** A counter's screen from one snapshot: office, counter, form, procedures, who may be on duty and who is. */
import type { OfficerProfile } from '@hailong/shared/model/directory.ts';
import { type Instrument, instrument } from '@hailong/shared/model/instrument.ts';
import type { CounterScreen, ScreensPort } from '../../../application/ports/screens.ts';
import { type Db, many, one, read, type Store } from '../op.ts';
import { counterOf, officeOf, outcomeReasons, PROFILE, procedures } from './directory-rows.ts';
import { directoryRevision } from './meta.ts';
import { openDuty } from './views-store.ts';

const NEWEST = 'SELECT content FROM instrument ORDER BY since DESC, version DESC LIMIT 1';

/** The newest form, parsed once for as long as it is the same text. */
let parsed: { readonly content: string; readonly form: Instrument } | null = null;

export function newestInstrument(db: Db): Instrument | null {
  const row = one<{ content: string }>(db, NEWEST);
  if (!row) return null;
  if (parsed?.content !== row.content)
    parsed = { content: row.content, form: instrument.parse(JSON.parse(row.content)) };
  return parsed.form;
}

function config(db: Db, counterId: string): CounterScreen['config'] {
  const [settings, counter, form] = [officeOf(db), counterOf(db, counterId), newestInstrument(db)];
  if (!settings || !counter || !form) return null;
  const { privateUrl, ...office } = settings;
  return {
    ...{ revision: directoryRevision(db), office, counter, instrument: form },
    procedures: procedures(db).filter((each) => each.active),
    privateUrl: privateUrl ?? null,
    reasons: outcomeReasons(db),
  };
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

function screen(db: Db, counterId: string): CounterScreen {
  const roster = many<OfficerProfile>(db, ROSTER, { counter: counterId });
  const duty = openDuty(db, counterId);
  const profile = roster.find((one) => one.id === duty?.officerId) ?? null;
  return { config: config(db, counterId), roster, shown: duty && { dutyId: duty.dutyId, profile } };
}

export const screensStore: Store<ScreensPort> = { ofCounter: read(screen) };
