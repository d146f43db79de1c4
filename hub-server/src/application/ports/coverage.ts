/** Storage of what of a camera's time is recorded, as a day shows it. */
import type { CoverageAnswer } from '@hailong/shared/protocol/coverage.ts';

export interface HeldDay extends Pick<CoverageAnswer, 'spans' | 'latencies' | 'clock'> {
  readonly name: string;
}

export interface CoveragePort {
  /** The spans that divide [from, to), the latency in force and the camera's clock; null: no such camera. */
  day(input: {
    readonly cameraId: string;
    readonly from: number;
    readonly to: number;
    readonly now: number;
    /** Whoever asks: what is kept for a denunciation of others alone is told as gone. */
    readonly readerId: string;
    /** Nobody records now. */
    readonly recorderAway: boolean;
  }): Promise<HeldDay | null>;
}
