/**
 * Purpose: does this hub hold what its kiosks remember? A hub that was set back, by a restore or by a copy put back, is
 *   found by their hellos, never announced. It then recovers until every active kiosk's stated heads are held again.
 * Refuses: to end while an active kiosk has not spoken; nothing here ever stops an upload.
 * Document: hub-server/DESIGN.md, "Recovering".
 */
import { sendableTo } from '@hailong/shared/edge/hello.ts';

/** restored: the command said so · mirror: the second medium of the hub's own chain held more · acknowledged: a kiosk was told of events that are not here · witness: a kiosk holds a
 * checkpoint of ours that our log does not lead to · late: of a kiosk that this data had forgotten, after all others were
 * heard. */
export type RecoveryCause = 'restored' | 'mirror' | 'acknowledged' | 'witness' | 'late';

export interface EpochSeq {
  readonly epoch: string;
  readonly seq: number;
}
export interface Awaited {
  readonly device: string;
  readonly counterId: string;
  /** Heads it stated that are not held yet; null: it has not said hello since. */
  readonly missing: readonly EpochSeq[] | null;
  /** It has more epochs than it has stated yet. */
  readonly more?: boolean;
}
export interface Recovering {
  readonly mode: 'recovering';
  readonly cause: RecoveryCause;
  /** The hub's clock when it was noticed, ms. */
  readonly since: number;
  /** The device whose hello showed it; null: the command. */
  readonly shownBy: string | null;
  readonly awaited: readonly Awaited[];
}
export type RecoveryState = { readonly mode: 'normal' } | Recovering;

export interface ActiveDevice {
  readonly device: string;
  readonly counterId: string;
}
/** An epoch as a hello names it, beside what is held here: on the chain or, with other bytes, on a branch. */
export interface StatedEpoch extends EpochSeq {
  readonly acknowledged: number;
  readonly held: number;
  /** What it can still send of it (`sendableTo`); absent: all. */
  readonly floor?: number | undefined;
  readonly last?: number | undefined;
}
export type ToldBy = 'this' | 'earlier' | 'unknown';
export type RecoveryInput =
  | { readonly type: 'restored'; readonly active: readonly ActiveDevice[]; readonly at: number }
  | { readonly type: 'mirror'; readonly active: readonly ActiveDevice[]; readonly at: number }
  | {
      readonly type: 'hello';
      readonly device: string;
      readonly counterId: string;
      readonly epochs: readonly StatedEpoch[];
      /** A hello has no room for all of its epochs; others are stated on the same line. */
      readonly more: boolean;
      /** Its checkpoint is of this hub and our log does not lead to it, nor was that signed for by two people. */
      readonly witnessAhead: boolean;
      /** The lineage under which it was told so: our very own, one that ours follows, or neither. */
      readonly toldBy: ToldBy;
      readonly active: readonly ActiveDevice[];
      readonly at: number;
    }
  /** More of its epochs, behind those of its hello. */
  | {
      readonly type: 'stated';
      readonly device: string;
      readonly epochs: readonly StatedEpoch[];
      readonly more: boolean;
    }
  | { readonly type: 'held'; readonly device: string; readonly epoch: string; readonly seq: number }
  /** Revoked: nothing more is expected of it. */
  | { readonly type: 'gone'; readonly device: string };

/**
 * entered: a new lineage begins, unless the command has begun one · resumed: that this data was set back is known; one more
 * kiosk is awaited · left: figures may leave the house again.
 */
export type RecoveryEffect =
  | { readonly kind: 'entered' | 'resumed'; readonly cause: RecoveryCause; readonly shownBy: string | null }
  | { readonly kind: 'left' };

export interface RecoveryStep {
  readonly state: RecoveryState;
  readonly effects: readonly RecoveryEffect[];
}

export const NORMAL: RecoveryState = { mode: 'normal' };

export function stepRecovery(state: RecoveryState, input: RecoveryInput): RecoveryStep {
  switch (input.type) {
    case 'restored':
      return enter(input.active, input.at, 'restored', null);
    case 'mirror':
      return state.mode === 'recovering'
        ? { state, effects: [] }
        : enter(input.active, input.at, 'mirror', null);
    case 'hello': {
      const cause = causeOf(input);
      // Set back once more: what this lineage itself acknowledged is gone. A new one begins, and everybody speaks again.
      const again = cause !== null && input.toldBy === 'this';
      if (state.mode === 'recovering' && !again) return settle(hear(state, input), []);
      if (cause === null) return { state, effects: [] };
      if (input.toldBy === 'earlier') return resume(input);
      const entered = enter(input.active, input.at, cause, input.device);
      return entered.state.mode === 'recovering'
        ? settle(hear(entered.state, input), entered.effects)
        : entered;
    }
    case 'stated':
      if (state.mode === 'normal') return { state, effects: [] };
      return settle(
        change(state, input.device, ({ missing }) =>
          missing === null ? {} : { missing: [...missing, ...lacking(input.epochs)], more: input.more },
        ),
        [],
      );
    case 'held':
      if (state.mode === 'normal') return { state, effects: [] };
      return settle(
        change(state, input.device, ({ missing }) => ({
          missing: missing?.filter((one) => one.epoch !== input.epoch || one.seq > input.seq) ?? null,
        })),
        [],
      );
    case 'gone':
      if (state.mode === 'normal') return { state, effects: [] };
      return settle({ ...state, awaited: state.awaited.filter((each) => each.device !== input.device) }, []);
  }
}

function causeOf(input: Extract<RecoveryInput, { type: 'hello' }>): RecoveryCause | null {
  if (input.epochs.some((one) => one.acknowledged > one.held)) return 'acknowledged';
  return input.witnessAhead ? 'witness' : null;
}

/** What an earlier lineage acknowledged is missing since the hub was set back then: it comes now, and all are awaited for it. */
function resume(input: Extract<RecoveryInput, { type: 'hello' }>): RecoveryStep {
  const { device, counterId, more, at } = input;
  const missing = lacking(input.epochs);
  if (missing.length === 0 && !more) return { state: NORMAL, effects: [] };
  const awaited = [{ device, counterId, missing, more }];
  const state: Recovering = { mode: 'recovering', cause: 'late', since: at, shownBy: device, awaited };
  return { state, effects: [{ kind: 'resumed', cause: 'late', shownBy: device }] };
}

function enter(
  active: readonly ActiveDevice[],
  at: number,
  cause: RecoveryCause,
  shownBy: string | null,
): RecoveryStep {
  const awaited = active.map(({ device, counterId }) => ({ device, counterId, missing: null }));
  return settle({ mode: 'recovering', cause, since: at, shownBy, awaited }, [
    { kind: 'entered', cause, shownBy },
  ]);
}

/** What it states now replaces what it stated before: its own chain is the only measure. */
function hear(state: Recovering, input: Extract<RecoveryInput, { type: 'hello' }>): Recovering {
  const missing = lacking(input.epochs);
  const known = state.awaited.some((each) => each.device === input.device);
  const { device, counterId, more } = input;
  return known
    ? change(state, device, () => ({ missing, more }))
    : // Readmitted by its certificate: this data had forgotten it.
      { ...state, awaited: [...state.awaited, { device, counterId, missing, more }] };
}

/** Nobody waits for what the kiosk itself cannot send any more: that is listed as a gap. */
const lacking = (epochs: readonly StatedEpoch[]): EpochSeq[] =>
  epochs.flatMap((one) => {
    const seq = sendableTo(one);
    return seq > one.held ? [{ epoch: one.epoch, seq }] : [];
  });

function change(
  state: Recovering,
  device: string,
  to: (held: Awaited) => Partial<Pick<Awaited, 'missing' | 'more'>>,
): Recovering {
  return {
    ...state,
    awaited: state.awaited.map((each) => (each.device === device ? { ...each, ...to(each) } : each)),
  };
}

function settle(state: Recovering, effects: readonly RecoveryEffect[]): RecoveryStep {
  if (state.awaited.some(isAwaited)) return { state, effects };
  return { state: NORMAL, effects: [...effects, { kind: 'left' }] };
}

/** It has not said hello since, has not stated all of its epochs, or something of what it stated is not here. */
export function isAwaited({ missing, more = false }: Awaited): boolean {
  return missing === null || more || missing.length > 0;
}

/** What is still awaited, for people: devices that were not heard, and events that are not here yet. */
export function awaitedOf(state: RecoveryState): { readonly unheard: number; readonly missing: number } {
  if (state.mode === 'normal') return { unheard: 0, missing: 0 };
  return {
    unheard: state.awaited.filter((each) => each.missing === null).length,
    missing: state.awaited.filter((each) => each.missing !== null && isAwaited(each)).length,
  };
}
