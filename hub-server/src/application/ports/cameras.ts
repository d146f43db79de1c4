/** Storage of what makes a camera one to rely on. Every change that a person makes commits with its log row. */
import type {
  CameraPage,
  CameraStanding,
  HeldLatency,
  LoginSeen,
  Measuring,
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

export interface Viewer {
  readonly id: string;
  readonly name: string;
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
  /** Whether this person may have one more taken now. */
  mayTakeStill(input: {
    readonly cameraId: string;
    readonly byId: string;
    readonly at: number;
  }): Promise<boolean>;
  /** Takes the place of one that waits, with the look that the officer reads of. False: this person had enough taken. */
  keepStill(input: {
    readonly still: TakenStill;
    readonly viewer: Viewer;
    readonly audit: AuditEntry;
  }): Promise<boolean>;
  /** Its bytes, once the rows that say who looks are written; null: no such still frame. */
  openStill(input: {
    readonly cameraId: string;
    readonly id: string;
    readonly viewer: Viewer;
    readonly audit: AuditEntry;
  }): Promise<Uint8Array | null>;
  /** `gone`: it waits no more, or another took its place. `unseen`: `byId` did not open it. */
  approveStill(input: {
    readonly cameraId: string;
    readonly id: string;
    readonly byId: string;
    readonly audit: Omit<AuditEntry, 'object' | 'body'>;
  }): Promise<'approved' | 'gone' | 'unseen'>;
  /** True: an alarm began or ended. Times that are held already change nothing. */
  noteClock(input: {
    readonly cameraId: string;
    readonly at: number;
    readonly offsetMs: number;
  }): Promise<boolean>;
  /** One goes on: the caller's own is the answer, another person's is `busy`. `often`: no more of this camera today. */
  beginMeasuring(input: {
    readonly id: string;
    readonly cameraId: string;
    readonly byId: string;
    readonly audit: AuditEntry;
  }): Promise<Measuring | 'busy' | 'often'>;
  recentFrames(input: {
    readonly cameraId: string;
    readonly byId: string;
    readonly at: number;
  }): Promise<RecentFrames>;
  /** Of what was filmed since the caller's measuring began; null: none goes on, or that is no picture of it. */
  frame(input: {
    readonly cameraId: string;
    readonly segmentId: string;
    readonly byId: string;
    readonly at: number;
  }): Promise<RecordedFrame | null>;
  /** Row of the log and the look that the officer reads of. False: it is over, or its pictures are used up. */
  recordLook(input: {
    readonly cameraId: string;
    readonly segmentId: string;
    readonly viewer: Viewer;
    readonly frameAt: number;
    readonly audit: AuditEntry;
  }): Promise<boolean>;
  /** Ends the measuring. */
  saveLatency(input: {
    readonly id: string;
    readonly cameraId: string;
    readonly byId: string;
    readonly latency: HeldLatency;
    readonly audit: AuditEntry;
  }): Promise<null>;
  /** How each camera let us in, by camera. */
  logins(): Promise<Readonly<Record<string, readonly LoginSeen[]>>>;
  /** False: it was known, or the camera is at another address by now. */
  noteLogin(input: {
    readonly cameraId: string;
    readonly address: string;
    readonly seen: LoginSeen;
    readonly at: number;
  }): Promise<boolean>;
  /** Its alarm and its row of the log, once: until a person decided, and after that until it recorded or is at another address. */
  noteBasicRefused(input: { readonly cameraId: string; readonly at: number }): Promise<null>;
  /** It is let in and records: what was decided of it is over, and asking for more again is news. */
  noteRecording(input: { readonly cameraId: string }): Promise<null>;
  /** Ends the alarm, and a decision to keep refusing lasts; `allow` forgets how the camera let us in. `gone`: there is no such camera. */
  decideLogin(input: {
    readonly cameraId: string;
    readonly allow: boolean;
    readonly audit: AuditEntry;
  }): Promise<'decided' | 'gone'>;
  /** Hourly: stills that nobody approved go, clocks are thinned, alarms begin and end. Answers how many did. */
  care(input: { readonly at: number }): Promise<number>;
}
