/** A counter's screen from one snapshot: office, counter, forms, procedures, who may be on duty and who is. */
import type { HeldUse } from '../../../../application/ports/instruments.ts';
import type { CounterRead, ScreensPort } from '../../../../application/ports/screens.ts';
import { noticesAt } from '../../../../domain/directory/notices-at.ts';
import { screenHoursAt } from '../../../../domain/directory/screen-hours-at.ts';
import { clipsOf } from '../../../../domain/voices/spoken-texts.ts';
import { type Db, one, read, type Store } from '../../op.ts';
import { counterOf } from '../directory/directory-rows.ts';
import { type CounterForms, formsAt } from '../directory/instrument-rows.ts';
import { kioskSettings } from '../directory/instruments-store.ts';
import { openDuty } from '../inbox/views-store.ts';
import { directoryRevision } from '../meta.ts';
import { type OfficeContent, officeContent } from './config-content.ts';
import { snapshotAt, stagedRevision } from './rollout-rows.ts';
import { rosterAt, unitOfficers } from './roster-rows.ts';

type Config = NonNullable<CounterRead['config']>;

/** What every counter of the office is told alike, and what each is told of its own forms. */
interface OfficeConfig {
  readonly alike: Omit<
    Config,
    'counter' | 'camera' | 'voices' | 'screenHours' | 'notices' | keyof CounterForms
  >;
  readonly recordings: ReadonlyMap<string, string>;
  /** Null: those in force now. */
  readonly uses: readonly HeldUse[] | null;
  readonly screenHours: OfficeContent['screenHours'];
  readonly notices: OfficeContent['notices'];
}

/** Read once a revision and connection: whatever changes it moves the directory's revision in the same commit. */
const held = new WeakMap<Db, OfficeConfig>();
/** Of revisions that are rolled out. */
const staged = new WeakMap<OfficeContent, OfficeConfig>();

function officeConfig(db: Db): OfficeConfig | null {
  const revision = directoryRevision(db);
  const known = held.get(db);
  if (known?.alike.revision === revision) return known;
  const content = officeContent(db);
  if (!content) return null;
  const config = configOf(content, revision, null);
  held.set(db, config);
  return config;
}

function stagedConfig(db: Db, counterId: string): OfficeConfig | null {
  const revision = stagedRevision(db, counterId);
  const content = revision === null ? null : snapshotAt(db, revision);
  if (revision === null || content === null) return null;
  const known = staged.get(content) ?? configOf(content, revision, content.uses);
  staged.set(content, known);
  return known;
}

const configOf = (
  { alike, recordings, screenHours, notices }: OfficeContent,
  revision: number,
  uses: OfficeConfig['uses'],
): OfficeConfig => ({
  alike: { revision, ...alike },
  recordings: new Map(recordings),
  uses,
  screenHours,
  notices,
});

function config(db: Db, counterId: string): Config | null {
  const office = stagedConfig(db, counterId) ?? officeConfig(db);
  const [counter, forms] = [counterOf(db, counterId), office && formsAt(db, counterId, office.uses)];
  if (!office || !counter || !forms) return null;
  const voices = clipsOf([forms.instrument, ...forms.instruments], office.recordings);
  const place = { counterId, unitId: counter.unitId };
  const screenHours = office.screenHours ? screenHoursAt(office.screenHours, place) : null;
  const notices = noticesAt(office.notices ?? [], counter.unitId);
  return {
    ...office.alike,
    counter,
    ...forms,
    camera: cameraOf(db, counterId),
    voices,
    screenHours,
    notices,
  };
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
