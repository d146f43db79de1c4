/** What a kiosk's screen needs, read as one: a thousand kiosks that come back ask for it at once. */

import type { FurtherLanguage, InstrumentUse, OutcomeReason } from '@hailong/shared/model/counter-config.ts';
import type { Counter, Office, OfficerProfile, Procedure } from '@hailong/shared/model/directory.ts';
import type { Instrument } from '@hailong/shared/model/instrument.ts';
import type { KioskSettings } from '@hailong/shared/protocol/instruments.ts';

export interface RosterOfficer {
  readonly profile: OfficerProfile;
  /** `scrypt$…`; null: has no PIN, or it was not asked for. */
  readonly pinHash: string | null;
}

export interface CounterScreen {
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
    /** Null: no camera sees it. */
    readonly camera: { readonly retentionDays: number } | null;
  } | null;
  /**
   * Who may be on duty and on show there: active officers of the counter's unit, and of another one those who came on duty
   * here as members of the unit they still belong to. Nobody at a counter that is not active. Likeliest first.
   */
  readonly roster: readonly RosterOfficer[];
  /** How long a PIN may be checked there after the hub was last heard. */
  readonly pinDays: number;
  /** Who is on duty there now, as the directory knows them today; no profile: not on the roster any more. */
  readonly shown: { readonly dutyId: string; readonly profile: OfficerProfile | null } | null;
}

export interface ScreensPort {
  /** `withPins` only for a device that may be told them: nobody else pays for reading them. */
  ofCounter(asked: { readonly counterId: string; readonly withPins: boolean }): Promise<CounterScreen>;
}
