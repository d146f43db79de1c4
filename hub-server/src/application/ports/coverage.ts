/** Storage of what of a camera's time is recorded, as a day shows it. */
import type { CoverageSpan } from '@hailong/shared/protocol/coverage.ts';

export interface CoveragePort {
  /** The spans that divide [from, to); null: no such camera. */
  day(input: {
    readonly cameraId: string;
    readonly from: number;
    readonly to: number;
    readonly now: number;
    /** Nobody records now. */
    readonly recorderAway: boolean;
  }): Promise<{ readonly name: string; readonly spans: readonly CoverageSpan[] } | null>;
}
