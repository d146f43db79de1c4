/** A counter's screen from one snapshot: office, counter, forms, procedures, who may be on duty and who is. */
import type { KioskSettings } from '@hailong/shared/protocol/instruments.ts';
import type { CounterRead, ScreensPort } from '../../../application/ports/screens.ts';
import { clipsOf } from '../../../domain/voices/spoken-texts.ts';
import { type Db, one, read, type Store } from '../op.ts';
import { counterOf, officeOf, outcomeReasons, procedures } from './directory-rows.ts';
import { type CounterForms, formsAt } from './instrument-rows.ts';
import { kioskSettings } from './instruments-store.ts';
import { directoryRevision } from './meta.ts';
import { rosterAt, unitOfficers } from './roster-rows.ts';
import { openDuty } from './views-store.ts';
import { recordingHashes } from './voices-store.ts';

type Config = NonNullable<CounterRead['config']>;

/** What every counter of the office is told alike, and what each is told of its own forms. */
interface OfficeConfig {
  readonly alike: Omit<Config, 'counter' | 'camera' | 'voices' | keyof CounterForms>;
  /** Hashes by `voiceKey`; none while they are switched off. */
  readonly recordings: ReadonlyMap<string, string>;
}

/** Read once a revision and connection: whatever changes it moves the directory's revision in the same commit. */
const held = new WeakMap<Db, OfficeConfig>();

function officeConfig(db: Db): OfficeConfig | null {
  const revision = directoryRevision(db);
  const known = held.get(db);
  if (known?.alike.revision === revision) return known;
  const settings = officeOf(db);
  if (!settings) return null;
  const { privateUrl, ...office } = settings;
  const kiosks = kioskSettings(db);
  const config = {
    alike: {
      ...{ revision, office, privateUrl: privateUrl ?? null },
      procedures: procedures(db).filter((each) => each.active),
      reasons: outcomeReasons(db),
      ...offered(kiosks),
    },
    recordings: kiosks.voices ? recordingHashes(db) : new Map<string, string>(),
  };
  held.set(db, config);
  return config;
}

function config(db: Db, counterId: string): Config | null {
  const [office, counter, forms] = [officeConfig(db), counterOf(db, counterId), formsAt(db, counterId)];
  if (!office || !counter || !forms) return null;
  const voices = clipsOf([forms.instrument, ...forms.instruments], office.recordings);
  return { ...office.alike, counter, ...forms, camera: cameraOf(db, counterId), voices };
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

interface Asked {
  readonly counterId: string;
  readonly withPins: boolean;
}

function counterRead(db: Db, { counterId, withPins }: Asked): CounterRead {
  const duty = openDuty(db, counterId);
  return {
    revision: directoryRevision(db),
    config: config(db, counterId),
    roster: rosterAt(db, counterId, withPins),
    ...{ pinDays: kioskSettings(db).pinDays },
    duty: duty && { dutyId: duty.dutyId, officerId: duty.officerId },
  };
}

export const screensStore: Store<ScreensPort> = {
  ofCounter: read(counterRead),
  ofUnit: read((db, { unitId, withPins }) => ({
    revision: directoryRevision(db),
    officers: unitOfficers(db, unitId, withPins),
  })),
};
