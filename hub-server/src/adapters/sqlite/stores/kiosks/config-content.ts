/** What every counter of the office is told alike, and where each form is asked: the part of a configuration that is rolled out. */
import type { KioskSettings } from '@hailong/shared/protocol/instruments.ts';
import type { HeldNotice } from '@hailong/shared/protocol/notices.ts';
import type { ScreenHoursSettings } from '@hailong/shared/protocol/screen-hours.ts';
import type { HeldUse } from '../../../../application/ports/instruments.ts';
import type { CounterRead } from '../../../../application/ports/screens.ts';
import type { Db } from '../../op.ts';
import { officeOf, outcomeReasons, procedures } from '../directory/directory-rows.ts';
import { type CounterForms, usesNow } from '../directory/instrument-rows.ts';
import { kioskSettings } from '../directory/instruments-store.ts';
import { notices } from '../directory/notices-store.ts';
import { recordingHashes } from '../directory/voices-store.ts';
import { screenHoursSettings } from './screen-hours-store.ts';

type Config = NonNullable<CounterRead['config']>;

export interface OfficeContent {
  readonly alike: Omit<
    Config,
    'revision' | 'counter' | 'camera' | 'voices' | 'screenHours' | 'notices' | keyof CounterForms
  >;
  /** Hashes by `voiceKey`; none while they are switched off. */
  readonly recordings: readonly (readonly [string, string])[];
  /** In force now, of all counters; the forms they name never change. */
  readonly uses: readonly HeldUse[];
  /** Absent: all screens are always lit. */
  readonly screenHours?: ScreenHoursSettings;
  /** Absent: none. */
  readonly notices?: readonly HeldNotice[];
}

/** Null: not set up yet. */
export function officeContent(db: Db): OfficeContent | null {
  const settings = officeOf(db);
  if (!settings) return null;
  const { privateUrl, ...office } = settings;
  const [kiosks, screenHours] = [kioskSettings(db), screenHoursSettings(db)];
  const told = notices(db);
  const isLit = screenHours.office === null && screenHours.exceptions.length === 0;
  return {
    alike: {
      ...{ office, privateUrl: privateUrl ?? null },
      procedures: procedures(db).filter((each) => each.active),
      reasons: outcomeReasons(db),
      ...offered(kiosks),
    },
    recordings: kiosks.voices ? [...recordingHashes(db)] : [],
    uses: usesNow(db),
    // What says nothing is no change of the content.
    ...(isLit ? {} : { screenHours }),
    ...(told.length === 0 ? {} : { notices: told }),
  };
}

function offered({ walkup, lastMonth, languages }: KioskSettings) {
  // What was not translated is shown in English, see shared/PROTOCOL.md, "Configuration".
  const further = languages.map((code) => ({ code, approved: true, texts: [] }));
  return { walkup, lastMonth, languages: further };
}
