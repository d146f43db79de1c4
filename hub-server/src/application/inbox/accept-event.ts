/**
 * What a good event changes at once, before it is projected: the intents it answers, where its epoch began, a loss it
 * tells of, a lock-out, a decision about an epoch, a hand-over. Used when it comes in, and again when quarantine lets it go.
 */
import { type Event, fromHex } from '@hailong/shared/edge/event.ts';
import type { BodyOf } from '@hailong/shared/model/event.ts';
import { sameBytes } from '../../domain/transactions/chain-judge.ts';
import { resolutionOf } from '../../domain/transactions/intent-resolution.ts';
import { type JudgedEvent, type JudgePlace, judgeRead } from '../../domain/transactions/judge-event.ts';
import type { EpochStart, InboxState } from '../ports/inbox-state.ts';
import type { InboxRules } from './inbox-rules.ts';
import { judgeStanding } from './judge-standing.ts';
import { resolveIntent } from './resolve-intent.ts';

export function judgeBytes(rules: InboxRules, bytes: Uint8Array, place: JudgePlace): JudgedEvent {
  return judgeRead(rules.read(bytes), place);
}

export interface AcceptedPlace {
  readonly device: string;
  readonly epoch: string;
  readonly epochId: number;
  readonly receivedAt: number;
}

/** Answers whether the standing of the device's epochs must be judged again. */
export function acceptEvent(
  state: InboxState,
  event: Event,
  place: AcceptedPlace,
  counters: Set<string>,
): boolean {
  const { body } = event;
  const said = resolutionOf(body);
  const counter = said && resolveIntent(state, said, place.receivedAt);
  if (counter) counters.add(counter);
  switch (body.type) {
    case 'agent.started':
    case 'hub.started':
      return startEpoch(state, body, event, place);
    case 'loss.detected':
      state.markLost(place.epochId);
      return true;
    case 'counter.handed_over':
      state.keepHandover(body, event.at);
      return false;
    case 'handover.accepted':
      state.acceptHandover(body.handover, event.at);
      return false;
    case 'pin.locked': {
      const { officerCode, failures } = body;
      const { device, epoch, receivedAt } = place;
      state.tellLocked(device, { officerCode, failures, epoch, seq: event.seq }, receivedAt);
      return false;
    }
    case 'chain.decided':
      state.keepDecision({
        ...{ device: body.device, epoch: body.epoch, counted: body.counted, at: event.at },
        by: { epoch: place.epoch, seq: event.seq },
      });
      judgeStanding(state, body.device, place.receivedAt);
      return false;
    default:
      return false;
  }
}

function startEpoch(
  state: InboxState,
  body: BodyOf<'agent.started'> | BodyOf<'hub.started'>,
  event: Event,
  { device, epoch, epochId }: AcceptedPlace,
): boolean {
  const { parent } = body;
  const start: EpochStart = {
    ...{ boot: body.type === 'agent.started' ? body.bootId : epoch, mono: event.mono, at: event.at },
    parent: parent && { ...parent, hash: fromHex(parent.hash) },
  };
  if (body.type === 'hub.started') {
    state.startEpoch(epochId, start);
    return false;
  }
  const held = parent && state.epoch(device, parent.epoch);
  // The ordinary start, going on from exactly what is held, needs no look at the other epochs. After a restore the
  // decision about an epoch may be back before the epoch.
  const ordinary =
    !state.decisionsOf(device).has(epoch) &&
    (parent === null
      ? !state.hasOtherEpoch(device, epoch)
      : held !== null &&
        held.state === 'counted' &&
        !held.continued &&
        held.headSeq === parent.seq &&
        sameBytes(held.headHash, fromHex(parent.hash)));
  state.startEpoch(epochId, start);
  // What two people decided may be here before the chain it is about: after a restore the hub's own comes back first.
  return !ordinary || state.decisionsOf(device).has(epoch);
}
