/** Storage of footage that must outlive its days. */
import type { CameraId } from '@hailong/shared/ids.ts';
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
  living(input: { readonly at: number }): Promise<readonly LivingHold[]>;
  /** Ends what is over, each with its row of the log. How many requests that were. */
  lapse(input: { readonly at: number }): Promise<number>;
}
