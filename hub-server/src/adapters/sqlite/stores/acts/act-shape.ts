/** What every kind of act of two people gives. See act-work.ts. */
import type { ActBody, ActKind } from '@hailong/shared/protocol/acts.ts';
import type { Db } from '../../op.ts';

export interface AskedAct {
  readonly id: string;
  /** Who asked. */
  readonly userId: string;
  readonly at: number;
}
export interface ActPlan {
  /** As the log names it. */
  readonly object: string;
  /** About a denunciation. */
  readonly secret: boolean;
}
export interface ActWork<K extends ActKind> {
  /** Judged when it is asked, and again right before it is done. */
  plan(db: Db, body: ActBody<K>, act: AskedAct): ActPlan;
  /** Rows of the log that it needs beside `act.approved` are its own. */
  effect(db: Db, body: ActBody<K>, act: AskedAct): Readonly<Record<string, unknown>>;
}
