/** Reading transactions, ratings and counters as pages show them. */
import type { RatingsAnswer, StationAnswer, TransactionAnswer } from '@hailong/shared/protocol/http.ts';
import type { TurnFacts } from '../../domain/footage/served-span.ts';
import type { DeviceRow } from './devices.ts';

/** A counter's view without what only the live link knows (is the device online?). */
export type StoredCounterView = Pick<
  StationAnswer,
  'duty' | 'transaction' | 'pending' | 'lastRefusal' | 'lastClosed' | 'today'
> & {
  readonly officerId: string | null;
  readonly device: DeviceRow | null;
  /** When it changes by time alone; null: never. */
  readonly until: number | null;
};

export interface OpenDuty {
  readonly dutyId: string;
  readonly officerId: string;
  readonly counterId: string;
}

export interface Press {
  readonly at: number;
  readonly button: number | null;
  readonly via: 'panel' | 'touch';
  readonly counted: boolean;
  readonly level: number | null;
  readonly reason: string | null;
}
/** What a timeline shows of the counter's side. */
export interface TransactionLanes {
  readonly counterId: string;
  readonly officerId: string;
  /** How far the kiosk's times may be off the hub's, ± ms; null: no anchor in its boot, nobody can say. */
  readonly boundMs: number | null;
  readonly facts: TurnFacts;
  readonly prompt: { readonly from: number; readonly to: number | null } | null;
  readonly duty: { readonly from: number; readonly to: number | null; readonly officerName: string } | null;
  readonly presses: readonly Press[];
}

export interface ViewsPort {
  /** `now`: a prompt is open or closed by the clock. */
  transaction(input: { readonly id: string; readonly now: number }): Promise<TransactionAnswer | null>;
  /** Newest first. */
  transactionsOfDossier(input: {
    readonly code: string;
    readonly now: number;
  }): Promise<readonly TransactionAnswer[]>;
  /** Holders of that queue number opened in [from, to], newest first. */
  transactionsOfQueue(input: {
    readonly queueNumber: string;
    readonly from: number;
    readonly to: number;
    readonly now: number;
  }): Promise<readonly TransactionAnswer[]>;
  /** Who was on duty at the counter at some time of the interval, the first of them. */
  dutyAt(input: {
    readonly counterId: string;
    readonly from: number;
    readonly to: number;
  }): Promise<TransactionLanes['duty']>;
  ratings(id: string): Promise<RatingsAnswer | null>;
  counter(input: { readonly counterId: string; readonly now: number }): Promise<StoredCounterView>;
  /** Duties not ended: which kiosk shows whose profile. */
  openDutiesOf(officerId: string): Promise<readonly OpenDuty[]>;
  lanes(transaction: string): Promise<TransactionLanes | null>;
}
