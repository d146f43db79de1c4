/** Storage of footage that must outlive its days. */
import type { CameraId } from '@hailong/shared/ids.ts';
import type { ReportedCamera } from '@hailong/shared/protocol/footage.ts';
import type { HoldKind, HoldList } from '@hailong/shared/protocol/holds.ts';
import type { StationTurn } from '@hailong/shared/protocol/http.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { HoldRefusal, HoldRule } from '../../domain/footage/hold.ts';

export interface LivingHold {
  readonly camera: CameraId;
  readonly from: UtcMs;
  readonly to: UtcMs;
}
export type RequestedHold =
  | { readonly ok: true; readonly until: number }
  | { readonly ok: false; readonly code: HoldRefusal | 'hold.no_camera' };

/** A page of the list; `count` null: it was not asked for. */
export type HoldPage = Omit<HoldList, 'count'> & { readonly count: HoldList['count'] | null };

export interface HoldsPort {
  /** An officer's finished turns at a counter that may still be asked for, newest first. */
  turns(input: {
    readonly officerId: string;
    readonly counterId: string;
    readonly at: number;
  }): Promise<HoldRule & { readonly turns: readonly StationTurn[] }>;
  /** An officer's request, with its row of the log; a second one for the same turn is the first. */
  request(input: {
    readonly id: string;
    readonly transactionId: string;
    readonly officerId: string;
    readonly at: number;
  }): Promise<RequestedHold>;
  /**
   * Places and dates what the hub holds by itself, a bounded part at a time. `aged`: the time that holds go by, where the machine's clock
   * may stand ahead of it. True: call again.
   */
  keep(input: { readonly at: number; readonly aged?: number }): Promise<boolean>;
  /** What the recorder is told, out of one snapshot. `cameras` null: facts wait to be projected, nobody can say yet. */
  orders(input: { readonly at: number }): Promise<{
    readonly holds: readonly LivingHold[];
    readonly cameras: readonly ReportedCamera[] | null;
  }>;
  /** Ends what is over, each with its row of the log. How many requests that were. */
  lapse(input: { readonly at: number }): Promise<number>;
  /** Never for an officer. A cursor that none of these gave is refused. */
  list(input: {
    readonly readerId: string;
    readonly at: number;
    readonly kind: HoldKind | null;
    readonly after: string | null;
    readonly limit: number;
    /** Counting looks at all that are held; a page by itself costs what it shows. */
    readonly isCounted: boolean;
  }): Promise<HoldPage>;
}
