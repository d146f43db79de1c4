/** Storage of the recorder's facts: what was filmed, when, and what was not. */
import type { FootageFact, SpaceLimits } from '@hailong/shared/protocol/footage.ts';
import type { CameraMaterial } from '../../domain/footage/clip.ts';
import type { Period, TakenOut } from '../../domain/footage/seen.ts';

export interface CameraAt {
  readonly id: string;
  readonly name: string;
  readonly latencyMs: number;
  /** Each time it saw the counter, whole, of those that touch what was asked for. */
  readonly seen: readonly Period[];
  /** What the map once said of those times and says no more. */
  readonly takenOut: readonly TakenOut[];
}
export interface FootagePort {
  /** Cursor up to which facts of this recorder are held. */
  cursor(recorder: string): Promise<number>;
  /** Facts at or below the cursor are known and skipped. Answers the new cursor once committed. */
  record(input: {
    readonly recorder: string;
    readonly facts: readonly { readonly cursor: number; readonly fact: FootageFact }[];
  }): Promise<number>;
  /** By which footage goes for space. Where they are others than before, that is a row of the log. */
  noteLimits(input: { readonly limits: SpaceLimits; readonly at: number }): Promise<null>;
  /** Cameras that saw the counter at some time of the interval, by the map as it is now or as it once was. */
  camerasOf(input: {
    readonly counterId: string;
    readonly from: number;
    readonly to: number;
  }): Promise<readonly CameraAt[]>;
  /** Everything recorded around the interval. */
  material(input: {
    readonly cameraId: string;
    readonly from: number;
    readonly to: number;
    /** Whoever looks without a case of it: what is kept for a denunciation of others alone is told as gone. */
    readonly keptFor?: { readonly readerId: string; readonly now: number };
  }): Promise<CameraMaterial>;
}
