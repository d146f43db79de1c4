/** Rows of footage as a repair and the recorder ask for them: by their ids, and by their files; and what was found gone of them. */
import type { SegmentId } from '@hailong/shared/ids.ts';
import type { HeldRow, LostFootage } from '@hailong/shared/protocol/footage.ts';

export interface SegmentsPort {
  /** Kept rows in order of their ids, behind `after`, up to and with `upTo`; null: from the first, to the last. */
  keptIds(input: {
    readonly after: SegmentId | null;
    readonly upTo: SegmentId | null;
    readonly limit: number;
  }): Promise<readonly SegmentId[]>;
  /** Those that are held, kept or deleted. */
  rowsOf(input: { readonly ids: readonly SegmentId[] }): Promise<readonly HeldRow[]>;
  /** By name and by when the file was last written; of several rows of one file the kept one. */
  rowsOfFiles(input: {
    readonly files: readonly { readonly file: string; readonly modifiedAt: number }[];
  }): Promise<readonly HeldRow[]>;
  /** What was found gone after `since`, UTC ms, a camera each, the newest first. */
  lostSince(input: { readonly since: number }): Promise<readonly LostFootage[]>;
}
