/** What a deletion means for those who miss the footage: the rule by which it went, when, and who asked for it. Pure. */
import type { DeletionReason } from '@hailong/shared/protocol/footage.ts';
import { vietnamDay } from '@hailong/shared/time.ts';

export interface Deletion {
  readonly at: number;
  readonly reason: DeletionReason;
  /** Null: the rule did, nobody asked. */
  readonly by: string | null;
}

/** One pass of retention takes minutes: its deletions are told as one. */
export const areTold = (one: Deletion, other: Deletion): boolean =>
  one.reason === other.reason && one.by === other.by && vietnamDay(one.at) === vietnamDay(other.at);
