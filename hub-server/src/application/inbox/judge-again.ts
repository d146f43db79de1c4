/**
 * Quarantine is a status: what lies there is judged again when this program judges otherwise (an upgrade), when its
 * device is enrolled at another counter, and when an operator asks. What is good by now becomes a fact at once, behind
 * the cursor too; the rest keeps its bytes and gets its present reason. See hub-server/DESIGN.md, "Quarantine".
 */

import type { AsideEvent, InboxState } from '../ports/inbox-state.ts';
import type { ProjectionState } from '../ports/projection-state.ts';
import { acceptEvent, judgeBytes } from './accept-event.ts';
import { Told } from './fold-facts.ts';
import type { InboxRules } from './inbox-rules.ts';
import { judgeStanding } from './judge-standing.ts';
import { projectOne } from './project-events.ts';

/** Events judged by one call: bounds the pause of a batch that comes meanwhile. */
export const JUDGE_SLICE = 200;

export interface JudgedAgain {
  readonly judged: number;
  readonly released: readonly number[];
  /** Where the next call goes on; null: all were judged. */
  readonly next: number | null;
  readonly told: Told;
}

export function judgeAgain(
  inbox: InboxState,
  projection: ProjectionState,
  rules: InboxRules,
  which: {
    readonly device: string | null;
    readonly after: number;
    readonly limit?: number;
    readonly only?: number | null;
  },
): JudgedAgain {
  const limit = which.limit ?? JUDGE_SLICE;
  const told = new Told();
  const released: number[] = [];
  const events = inbox
    .quarantined(which.device, which.after, limit)
    .filter(({ id }) => which.only == null || id === which.only);
  for (const event of events) if (judgeOne(inbox, projection, rules, event, told)) released.push(event.id);
  return {
    ...{ judged: events.length, released, told },
    next: events.length === limit ? events.at(-1)!.id : null,
  };
}

function judgeOne(
  inbox: InboxState,
  projection: ProjectionState,
  rules: InboxRules,
  aside: AsideEvent,
  told: Told,
): boolean {
  const { id, epochId, device, epoch, seq, bytes, receivedAt } = aside;
  const counters = aside.own ? null : inbox.countersOf(device);
  const judged = judgeBytes(rules, bytes, { device, epoch, seq, counters });
  if (judged.status === 'quarantined') {
    inbox.keepAside(id, judged.code, judged.detail);
    return false;
  }
  inbox.release(id, judged.event);
  if (acceptEvent(inbox, judged.event, { device, epoch, epochId, receivedAt }, told.counters))
    judgeStanding(inbox, device, receivedAt);
  if (id > projection.cursor()) return true;
  return projectOne(projection, rules.read, { id, epochId, seq, branch: 0, bytes }, told) === null;
}
