/**
 * Facts of the hub's own chain: private votes, counters without a device, decisions. Same event form, same judgement and
 * same rows as a kiosk's. Refuses: a fact that it may not state, by throwing; nothing of the call is kept then.
 * See hub-server/DESIGN.md, "The hub's own chain".
 */
import { encodeEvent } from '@hailong/shared/edge/event.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { genesisOf, type InboxRules } from '../inbox/inbox-rules.ts';
import { recordLine } from '../inbox/record-batch.ts';
import type { InboxState } from '../ports/inbox-state.ts';

export interface OwnFacts {
  /** SHA-256 of the hub's raw public key, and the epoch of this start. */
  readonly device: string;
  readonly epoch: string;
  readonly at: number;
  readonly mono: number;
  readonly bodies: readonly EventBody[];
}
export interface OwnRecorded {
  /** The head after the last one; to be signed and mirrored by the caller. */
  readonly head: { readonly epoch: string; readonly seq: number; readonly hash: string };
  readonly firstSeq: number;
  /** Hash before the first one. */
  readonly prevHash: Uint8Array;
  readonly events: readonly Uint8Array[];
  /** Counters whose intents were answered. */
  readonly counters: readonly string[];
}

export function appendOwn(state: InboxState, rules: InboxRules, facts: OwnFacts): OwnRecorded {
  const { device, epoch, at, mono, bodies } = facts;
  const held = state.epoch(device, epoch);
  const firstSeq = (held?.headSeq ?? 0) + 1;
  const prevHash = held?.headHash ?? genesisOf(rules, device, epoch);
  const events = bodies.map((body, i) => encodeEvent({ seq: firstSeq + i, at, mono, body }));
  const line = { device, epoch, firstSeq, prevHash, events, receivedAt: at, own: true };
  const { head, counters, exceptions, stored } = recordLine(state, rules, line);
  const refused = exceptions[0];
  if (refused || stored !== events.length)
    throw new Error(`own fact ${bodies[refused ? refused.seq - firstSeq : 0]?.type}: ${refused?.code}`);
  return { head, firstSeq, prevHash, events, counters };
}
