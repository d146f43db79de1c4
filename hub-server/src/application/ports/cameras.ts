/** Storage of what makes a camera one to rely on. Every change that a person makes commits with its log row. */
import type {
  CameraPage,
  CameraStanding,
  HeldLatency,
  RecentFrames,
} from '@hailong/shared/protocol/cameras.ts';
import type { ProbeResult } from '@hailong/shared/protocol/footage.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';

export interface TakenStill {
  readonly id: string;
  readonly cameraId: string;
  readonly at: number;
  readonly by: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** A recorded file's first picture and where the newest mapping of its run places it. */
export interface RecordedFrame {
  readonly segmentId: string;
  readonly file: string;
  readonly at: number;
  readonly run: string;
  readonly mappingVersion: number;
  readonly boundMs: number;
}

export interface CamerasPort {
  page(input: { readonly cameraId: string; readonly at: number }): Promise<CameraPage | null>;
  /** By camera. */
  standings(input: { readonly at: number }): Promise<Readonly<Record<string, CameraStanding>>>;
  saveCheck(input: {
    readonly cameraId: string;
    readonly result: ProbeResult;
    readonly audit: AuditEntry;
  }): Promise<null>;
  /** Takes the place of one that waits. */
  keepStill(input: { readonly still: TakenStill; readonly audit: AuditEntry }): Promise<null>;
  stillBytes(input: { readonly cameraId: string; readonly id: string }): Promise<Uint8Array | null>;
  /** `gone`: it waits no more, or another took its place. */
  approveStill(input: {
    readonly cameraId: string;
    readonly id: string;
    readonly audit: Omit<AuditEntry, 'object' | 'body'>;
  }): Promise<'approved' | 'gone'>;
  /** True: an alarm began or ended. Times that are held already change nothing. */
  noteClock(input: {
    readonly cameraId: string;
    readonly at: number;
    readonly offsetMs: number;
  }): Promise<boolean>;
  recentFrames(input: { readonly cameraId: string; readonly since: number }): Promise<RecentFrames['frames']>;
  frame(input: { readonly cameraId: string; readonly segmentId: string }): Promise<RecordedFrame | null>;
  saveLatency(input: {
    readonly id: string;
    readonly cameraId: string;
    readonly latency: HeldLatency;
    readonly audit: AuditEntry;
  }): Promise<null>;
  /** Nightly: stills that nobody approved go, clocks are thinned, alarms begin and end. Answers how many did. */
  care(input: { readonly at: number }): Promise<number>;
}
