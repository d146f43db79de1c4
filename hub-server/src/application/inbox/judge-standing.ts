/**
 * Keeps the standing of a device's epochs up to date with its chains and the decisions of two people, and says how the
 * device itself stands. Called where a start, a fork, a loss or a decision may have changed it.
 * See hub-server/DESIGN.md, "Standing".
 */
import type { Standing } from '@hailong/shared/protocol/edge.ts';
import { deviceStanding, standingOf } from '../../domain/transactions/epoch-standing.ts';
import type { Alarm, InboxState } from '../ports/inbox-state.ts';

/** Judges every epoch again; answers the alarm that a newly suspended one raises. */
export function judgeStanding(state: InboxState, device: string, at: number): Alarm | null {
  let alarm: Alarm | null = null;
  const epochs = state.epochsOf(device);
  const standings = standingOf(epochs, state.decisionsOf(device));
  for (const held of epochs) {
    const now = standings.get(held.epoch)!;
    if (now.state === held.state && now.branches === held.branches) continue;
    state.setStanding(held.id, now.state, now.branches);
    if (now.state !== 'suspended' || held.state === 'suspended' || now.cause === null) continue;
    alarm = now.cause;
    state.raiseAlarm(device, now.cause, { epoch: held.epoch, parent: held.parent }, at);
  }
  return alarm;
}

/** How the device stands now: goes out with the welcome, and whenever it changed. */
export function standingOfDevice(state: InboxState, device: string): Standing {
  const epochs = state.epochsOf(device);
  const forked = new Set(epochs.filter((each) => each.forked).map((each) => each.epoch));
  const standings = new Map(
    epochs.map(({ epoch, state, branches }) => [epoch, { state, branches, cause: null }]),
  );
  const { superseded, newest } = state.enrolment(device);
  return deviceStanding(standings, forked, newest, superseded);
}
