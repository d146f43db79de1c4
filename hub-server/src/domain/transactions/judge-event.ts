/**
 * What one event's bytes are: a fact to project, or something to keep in quarantine with a reason.
 * Refuses nothing: what cannot be read still chains, and an unknown reference is never a reason.
 * See hub-server/DESIGN.md, "Invariants" 3 (quarantine is a status of the event row).
 */
import { type Event, readEvent } from '@hailong/shared/edge/event.ts';
import type { ErrorCode } from '@hailong/shared/errors.ts';

export type JudgedEvent =
  | { readonly status: 'stored'; readonly event: Event }
  | { readonly status: 'quarantined'; readonly code: ErrorCode; readonly detail: string };

/** `seq` is the place in the chain; the number inside the bytes must agree with it. */
export function judgeEvent(
  bytes: Uint8Array,
  place: { readonly device: string; readonly epoch: string; readonly seq: number },
): JudgedEvent {
  const read = readEvent(bytes);
  if (!read.ok) return { status: 'quarantined', code: read.code, detail: read.detail };
  const wrong = (detail: string): JudgedEvent => ({ status: 'quarantined', code: 'event.invalid', detail });
  const { event } = read;
  if (event.seq !== place.seq) return wrong(`seq ${event.seq} at place ${place.seq}`);
  if (event.body.type === 'agent.started') {
    if (place.seq !== 1) return wrong('agent.started inside an epoch');
    if (event.body.device !== place.device || event.body.epoch !== place.epoch)
      return wrong('agent.started of another device or epoch');
  }
  return { status: 'stored', event };
}
