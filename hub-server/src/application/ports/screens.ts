/** What a kiosk's screen needs, read as one: a thousand kiosks that come back ask for it at once. */

import type { ScreenHours } from '@hailong/shared/counter/screen-hours.ts';
import type {
  FurtherLanguage,
  InstrumentUse,
  OutcomeReason,
  VoiceClip,
} from '@hailong/shared/model/counter-config.ts';
import type { Counter, Office, OfficerProfile, Procedure } from '@hailong/shared/model/directory.ts';
import type { Instrument } from '@hailong/shared/model/instrument.ts';
import type { Notice } from '@hailong/shared/model/notice.ts';
import type { KioskSettings } from '@hailong/shared/protocol/instruments.ts';

export interface RosterOfficer {
  readonly profile: OfficerProfile;
  /** `scrypt$…`; null: has no PIN, or it was not asked for. */
  readonly pinHash: string | null;
}

export interface CounterRead {
  /** Of the directory, as `config` states it too. */
  readonly revision: number;
  /** Null: not set up yet. Active procedures only. */
  readonly config: {
    readonly revision: number;
    readonly office: Office;
    readonly counter: Counter;
    readonly instrument: Instrument;
    readonly instruments: readonly Instrument[];
    readonly uses: readonly InstrumentUse[];
    readonly procedures: readonly Procedure[];
    readonly privateUrl: string | null;
    readonly reasons: readonly OutcomeReason[];
    readonly walkup: KioskSettings['walkup'];
    readonly lastMonth: KioskSettings['lastMonth'];
    readonly languages: readonly FurtherLanguage[];
    /** Of this counter's forms; none while they are switched off. */
    readonly voices: readonly VoiceClip[];
    /** For this counter, whatever the day. */
    readonly notices: readonly Notice[];
    /** Null: always lit. */
    readonly screenHours: ScreenHours | null;
    /** Null: no camera sees it. */
    readonly camera: { readonly retentionDays: number } | null;
  } | null;
  readonly roster: CounterRoster;
  /** How long a PIN may be checked there after the hub was last heard. */
  readonly pinDays: number;
  /** Who is on duty there now. */
  readonly duty: { readonly dutyId: string; readonly officerId: string } | null;
}

export interface CounterRoster {
  /** All of whose active officers may come; null: nobody, the counter is not active. */
  readonly unitId: string | null;
  /** Active officers of other units who came on duty here as members of the unit they still belong to. */
  readonly guests: readonly RosterOfficer[];
  /** Of its own unit, those who came before. */
  readonly came: readonly string[];
}

/** `withPins` only for a device that may be told them: nobody else pays for reading them. */
export interface ScreensPort {
  ofCounter(asked: { readonly counterId: string; readonly withPins: boolean }): Promise<CounterRead>;
  /** Active officers by code, and the revision of the directory that says so. */
  ofUnit(asked: { readonly unitId: string; readonly withPins: boolean }): Promise<UnitOfficers>;
}

export interface UnitOfficers {
  readonly revision: number;
  readonly officers: readonly RosterOfficer[];
}
