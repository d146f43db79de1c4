/** What the recorder's verbs need; each port call is one transaction and answers after it is on disk. */
import type { CameraId, SegmentId } from '@hailong/shared/ids.ts';
import type { FootageFact, Gap, RunMapping, Segment } from '@hailong/shared/protocol/footage.ts';

/** A fact with its place in the recorder's own order; the hub acknowledges up to a cursor. */
export interface NumberedFact {
  readonly cursor: number;
  readonly fact: FootageFact;
}

/** A kept segment with the wall clock it was given when it closed. */
export interface KeptSegment {
  readonly id: SegmentId;
  readonly camera: CameraId;
  readonly file: string;
  readonly bytes: number;
  readonly wallFrom: number;
  readonly wallTo: number;
}

export interface FootageIndex {
  /** Minted at the first start; a recorder with another index is another recorder. */
  recorderId(): string;
  /** Stores the facts and whatever rows they stand for, in one transaction; answers them numbered. */
  record(facts: readonly FootageFact[]): readonly NumberedFact[];
  factsAfter(cursor: number, limit: number): readonly NumberedFact[];
  lastMapping(run: string): RunMapping | null;
  /** End of the newest footage of this camera by wall clock; null when it has none. */
  newestEnd(camera: CameraId): number | null;
  openGap(camera: CameraId): Gap | null;
  hasFile(file: string): boolean;
  /** Kept segments whose end lies before `before`, oldest first. */
  endingBefore(camera: CameraId, before: number, limit: number): readonly KeptSegment[];
  oldest(limit: number): readonly KeptSegment[];
  keptBytes(): number;
  cameras(): readonly CameraId[];
}

export interface FootageFiles {
  /** Syncs the file and its folder, then hashes it. */
  seal(file: string): Promise<{ readonly bytes: number; readonly sha256: Segment['sha256'] }>;
  remove(file: string): Promise<void>;
  /** Every media file under the root, relative, with its modification time in UTC ms. */
  list(): Promise<readonly { readonly file: string; readonly modifiedAt: number; readonly bytes: number }[]>;
  freeBytes(): Promise<number>;
}

export interface Hold {
  readonly camera: CameraId;
  readonly from: number;
  readonly to: number;
}
