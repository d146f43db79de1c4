/** Storage of forms, of where each is asked, and of what kiosks offer beside them. Every change writes its log row. */
import type { Instrument, InstrumentRef } from '@hailong/shared/model/instrument.ts';
import type {
  KioskSettings,
  OfficeReasons,
  SaveReasons,
  UsePlace,
} from '@hailong/shared/protocol/instruments.ts';

export interface Who {
  readonly actor: string;
  readonly at: number;
}
export interface HeldUse extends UsePlace {
  readonly instrument: InstrumentRef;
  readonly from: number;
}
export interface HeldVersion {
  readonly id: string;
  readonly version: number;
  readonly since: number;
}

export interface InstrumentsPort {
  /** `forms`: the newest version of each. */
  list(): Promise<{
    readonly forms: readonly Instrument[];
    readonly versions: readonly HeldVersion[];
    readonly uses: readonly HeldUse[];
  }>;
  version(ref: InstrumentRef): Promise<Instrument | null>;
  /** Whether every one of these ids is there, and some form is asked somewhere. */
  seeded(input: { readonly ids: readonly string[] }): Promise<boolean>;
  /** Adds the forms that are not there by id; where none is asked anywhere, `first`, else the one that was asked so far. */
  seed(input: {
    readonly instruments: readonly Instrument[];
    /** Of a new hub; null: it asked one before where a form is asked could be said. */
    readonly first: InstrumentRef | null;
    readonly at: number;
  }): Promise<null>;
  /** The next version, whatever number the form names. `conflict`: `base` is not the newest. */
  save(
    input: Who & { readonly base: number | null; readonly inUse: boolean; readonly instrument: Instrument },
  ): Promise<
    { readonly result: 'saved'; readonly version: number } | { readonly result: 'conflict' | 'gone' }
  >;
  use(
    input: Who & { readonly place: UsePlace; readonly instrument: InstrumentRef | null },
  ): Promise<'saved' | 'unknown'>;
  settings(): Promise<KioskSettings>;
  saveSettings(input: Who & { readonly settings: KioskSettings }): Promise<null>;
  reasons(): Promise<OfficeReasons['reasons']>;
  /** `conflict`: `base` is not what is held. `gone`: a key that is held is missing, or has another outcome. */
  saveReasons(input: Who & SaveReasons): Promise<'saved' | 'conflict' | 'gone'>;
}
