/**
 * What one event's bytes are: a fact to project, or something to keep in quarantine with a reason.
 * Refuses nothing: what cannot be read still chains, and an unknown reference is never a reason. What a writer may not
 * say at all is one: the hub's facts in a kiosk's chain and the reverse, a counter that a kiosk was never enrolled at.
 * See hub-server/DESIGN.md, "Quarantine".
 */
import { type Event, type ReadEvent, readEvent } from '@hailong/shared/edge/event.ts';
import type { ErrorCode } from '@hailong/shared/errors.ts';
import { HUB_ONLY, KIOSK_ONLY } from '@hailong/shared/model/event.ts';

/** Grows whenever this judges otherwise: at the next start everything in quarantine is judged again. */
export const JUDGE_VERSION = 3;

export type JudgedEvent =
  | { readonly status: 'stored'; readonly event: Event }
  | {
      readonly status: 'quarantined';
      readonly code: ErrorCode;
      readonly detail: string;
      /** Null: it could not even be read. */
      readonly event: Event | null;
    };

export interface JudgePlace {
  readonly device: string;
  readonly epoch: string;
  /** The place in the chain; the number inside the bytes must agree with it. */
  readonly seq: number;
  /** Counters this kiosk was ever enrolled at; null: the hub's own chain, which may speak of any. */
  readonly counters: readonly string[] | null;
}
export type Judge = (bytes: Uint8Array, place: JudgePlace) => JudgedEvent;

export const judgeEvent: Judge = (bytes, place) => judgeRead(readEvent(bytes), place);

/** The judgement on what was read: for who has read the bytes before. */
export function judgeRead(read: ReadEvent, place: JudgePlace): JudgedEvent {
  const aside = (code: ErrorCode, detail: string, event: Event | null): JudgedEvent => ({
    ...{ status: 'quarantined', code, detail, event },
  });
  if (!read.ok) return aside(read.code, read.detail, null);
  const { event } = read;
  const { body } = event;
  const wrong = (detail: string): JudgedEvent => aside('event.invalid', detail, event);
  if (event.seq !== place.seq) return wrong(`seq ${event.seq} at place ${place.seq}`);
  if ((place.counters === null ? KIOSK_ONLY : HUB_ONLY).has(body.type))
    return aside(
      'event.wrong_writer',
      `${body.type} in the chain of ${place.counters ? 'a kiosk' : 'the hub'}`,
      event,
    );
  if (body.type === 'agent.started' || body.type === 'hub.started') {
    if (place.seq !== 1) return wrong(`${body.type} inside an epoch`);
    if (body.device !== place.device || body.epoch !== place.epoch)
      return wrong(`${body.type} of another device or epoch`);
  } else if ('counter' in body && place.counters !== null && !place.counters.includes(body.counter))
    return aside('event.foreign_counter', `${body.type} of counter ${body.counter}`, event);
  return { status: 'stored', event };
}
