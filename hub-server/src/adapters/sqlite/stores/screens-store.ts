/** A counter's screen from one snapshot: office, counter, form, procedures, the officer on duty. */
import type { OfficerProfile } from '@hailong/shared/model/directory.ts';
import { type Instrument, instrument } from '@hailong/shared/model/instrument.ts';
import type { CounterScreen, ScreensPort } from '../../../application/ports/screens.ts';
import { type Db, one, read, type Store } from '../op.ts';
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

function shown(db: Db, counterId: string): CounterScreen['shown'] {
  const duty = openDuty(db, counterId);
  if (!duty) return null;
  const profile = one<OfficerProfile>(db, `${PROFILE} WHERE o.id = ?`, duty.officerId) ?? null;
  return { dutyId: duty.dutyId, profile };
}

export const screensStore: Store<ScreensPort> = {
  ofCounter: read((db, counterId) => ({ config: config(db, counterId), shown: shown(db, counterId) })),
};
