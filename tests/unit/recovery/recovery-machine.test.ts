/*
 * The recovery machine against a plain model: a hub is set back while kiosks talk. It must notice at the first hello of
 * one that knows more, and end exactly when every active kiosk has spoken and all it stated is held.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  awaitedOf,
  NORMAL,
  type RecoveryInput,
  type RecoveryState,
  stepRecovery,
  type ToldBy,
} from '../../../hub-server/src/domain/recovery/recovery-machine.ts';

const active = ['a', 'b', 'c'].map((device) => ({ device, counterId: `counter-${device}` }));
const hello = (
  device: string,
  seq: number,
  acknowledged: number,
  held: number,
  witnessAhead = false,
  toldBy: ToldBy = 'unknown',
  more = false,
): RecoveryInput => ({
  ...{ device, counterId: `counter-${device}`, witnessAhead, toldBy, more, active, at: 5 },
  type: 'hello',
  epochs: [{ epoch: 'e', seq, acknowledged, held }],
});

describe('the recovery machine', () => {
  it('stays normal while no kiosk knows more, also when it has more to send', () => {
    expect(stepRecovery(NORMAL, hello('a', 9, 4, 4)).state).toBe(NORMAL);
    expect(stepRecovery(NORMAL, hello('a', 9, 4, 7)).state).toBe(NORMAL);
  });

  it('notices events that were acknowledged and are not here, and a witness that is ahead', () => {
    expect(stepRecovery(NORMAL, hello('a', 9, 5, 4))).toMatchObject({
      state: { mode: 'recovering', cause: 'acknowledged', shownBy: 'a' },
      effects: [{ kind: 'entered', cause: 'acknowledged' }],
    });
    expect(stepRecovery(NORMAL, hello('a', 4, 4, 4, true)).state).toMatchObject({ cause: 'witness' });
  });

  it('begins when the second medium held more, and not anew while it goes on', () => {
    const first = stepRecovery(NORMAL, { type: 'mirror', active, at: 1 });
    expect(first).toMatchObject({ state: { cause: 'mirror' }, effects: [{ kind: 'entered' }] });
    const heard = stepRecovery(first.state, hello('a', 3, 3, 3)).state;
    expect(stepRecovery(heard, { type: 'mirror', active, at: 2 })).toEqual({ state: heard, effects: [] });
  });

  it('awaits one more, under the same lineage, when a kiosk it had forgotten comes after all others', () => {
    expect(stepRecovery(NORMAL, hello('d', 9, 9, 4, true, 'earlier'))).toMatchObject({
      state: {
        mode: 'recovering',
        cause: 'late',
        awaited: [{ device: 'd', missing: [{ epoch: 'e', seq: 9 }] }],
      },
      effects: [{ kind: 'resumed', cause: 'late', shownBy: 'd' }],
    });
    const { state } = stepRecovery(NORMAL, hello('d', 9, 9, 4, false, 'earlier'));
    expect(stepRecovery(state, { type: 'held', device: 'd', epoch: 'e', seq: 9 })).toEqual({
      state: NORMAL,
      effects: [{ kind: 'left' }],
    });
    expect(stepRecovery(NORMAL, hello('d', 4, 4, 4, true, 'earlier'))).toEqual({
      state: NORMAL,
      effects: [],
    });
  });

  it('begins anew when what this very lineage acknowledged is gone, and not for what an older one did', () => {
    let { state } = stepRecovery(NORMAL, hello('a', 9, 9, 4));
    state = stepRecovery(state, hello('b', 3, 3, 3)).state;
    const older = stepRecovery(state, hello('b', 8, 8, 3, true));
    expect(older).toMatchObject({ effects: [], state: { cause: 'acknowledged', shownBy: 'a' } });
    const again = stepRecovery(older.state, hello('b', 8, 8, 3, false, 'this'));
    expect(again).toMatchObject({
      effects: [{ kind: 'entered', cause: 'acknowledged', shownBy: 'b' }],
      state: { shownBy: 'b' },
    });
    expect(awaitedOf(again.state)).toEqual({ unheard: 2, missing: 1 });
    expect(stepRecovery(state, hello('b', 9, 3, 3, false, 'this')).effects).toEqual([]);
  });

  it('waits for a kiosk that has not stated all of its epochs, and forgets nothing it stated before', () => {
    let state: RecoveryState = stepRecovery(NORMAL, { type: 'restored', active: [active[0]!], at: 1 }).state;
    const feed = (input: RecoveryInput) => {
      const step = stepRecovery(state, input);
      state = step.state;
      return step.effects.map((each) => each.kind);
    };
    const stated = (epoch: string, more: boolean): RecoveryInput => ({
      ...{ type: 'stated', device: 'a', more },
      epochs: [{ epoch, seq: 7, acknowledged: 0, held: 2 }],
    });
    expect(feed(hello('a', 9, 9, 9, false, 'unknown', true))).toEqual([]);
    expect(awaitedOf(state)).toEqual({ unheard: 0, missing: 1 });
    expect(feed(stated('f', true))).toEqual([]);
    expect(feed({ type: 'held', device: 'a', epoch: 'f', seq: 7 })).toEqual([]);
    expect(feed(stated('g', false))).toEqual([]);
    // The line was cut: what it says anew counts.
    expect(feed(hello('a', 9, 9, 9, false, 'unknown', true))).toEqual([]);
    expect(feed({ type: 'held', device: 'a', epoch: 'g', seq: 7 })).toEqual([]);
    expect(feed({ type: 'stated', device: 'a', epochs: [], more: false })).toEqual(['left']);
  });

  it('does not wait for what a kiosk states and cannot send any more', () => {
    let { state } = stepRecovery(NORMAL, { type: 'restored', active: [active[0]!], at: 1 });
    const said = hello('a', 9, 9, 4);
    if (said.type !== 'hello') throw new Error('no hello');
    const epochs = [
      { epoch: 'damaged', seq: 9, acknowledged: 9, held: 4, last: 7 },
      { epoch: 'pruned', seq: 9, acknowledged: 9, held: 4, floor: 10 },
      { epoch: 'both', seq: 9, acknowledged: 9, held: 4, floor: 6, last: 5 },
      { epoch: 'kept', seq: 9, acknowledged: 9, held: 9, last: 3 },
    ];
    ({ state } = stepRecovery(state, { ...said, epochs }));
    expect(state).toMatchObject({ awaited: [{ missing: [{ epoch: 'damaged', seq: 7 }] }] });
    expect(stepRecovery(state, { type: 'held', device: 'a', epoch: 'damaged', seq: 6 }).state.mode).toBe(
      'recovering',
    );
    expect(stepRecovery(state, { type: 'held', device: 'a', epoch: 'damaged', seq: 7 }).state).toBe(NORMAL);
  });

  it('ends at once when nobody is expected', () => {
    const { state, effects } = stepRecovery(NORMAL, { type: 'restored', active: [], at: 1 });
    expect(state).toEqual(NORMAL);
    expect(effects.map((each) => each.kind)).toEqual(['entered', 'left']);
  });

  it('waits for the last head of the last kiosk, whoever was forgotten included, and not for the revoked', () => {
    let state: RecoveryState = stepRecovery(NORMAL, { type: 'restored', active, at: 1 }).state;
    const feed = (input: RecoveryInput) => {
      const step = stepRecovery(state, input);
      state = step.state;
      return step.effects.map((each) => each.kind);
    };
    expect(feed(hello('a', 9, 9, 4))).toEqual([]);
    expect(feed({ type: 'held', device: 'a', epoch: 'e', seq: 8 })).toEqual([]);
    expect(feed(hello('b', 3, 3, 3))).toEqual([]);
    expect(feed(hello('forgotten', 7, 7, 0))).toEqual([]);
    expect(awaitedOf(state)).toEqual({ unheard: 1, missing: 2 });
    expect(feed({ type: 'held', device: 'a', epoch: 'e', seq: 9 })).toEqual([]);
    expect(feed({ type: 'gone', device: 'c' })).toEqual([]);
    expect(feed({ type: 'held', device: 'forgotten', epoch: 'e', seq: 7 })).toEqual(['left']);
    expect(state).toEqual(NORMAL);
  });

  it('ends when and only when all is held, in any order of any histories', () => {
    const act = fc.oneof(
      fc.record({ kind: fc.constant('hello' as const), device: fc.constantFrom('a', 'b', 'c') }),
      fc.record({
        kind: fc.constant('held' as const),
        device: fc.constantFrom('a', 'b', 'c'),
        by: fc.integer({ min: 1, max: 4 }),
      }),
      fc.record({ kind: fc.constant('append' as const), device: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ kind: fc.constant('revoke' as const), device: fc.constantFrom('a', 'b', 'c') }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60, size: 'max' }), (acts) => {
        const kiosks = new Map(
          active.map(({ device }) => [
            device,
            { seq: 5, held: 2, stated: null as number | null, gone: false },
          ]),
        );
        let state: RecoveryState = stepRecovery(NORMAL, { type: 'restored', active, at: 1 }).state;
        for (const { device, ...one } of acts) {
          const kiosk = kiosks.get(device)!;
          if (kiosk.gone) continue;
          if (one.kind === 'append') kiosk.seq++;
          else if (one.kind === 'revoke') {
            kiosk.gone = true;
            state = stepRecovery(state, { type: 'gone', device }).state;
          } else if (one.kind === 'hello') {
            kiosk.stated = kiosk.seq;
            state = stepRecovery(state, hello(device, kiosk.seq, kiosk.held, kiosk.held)).state;
          } else {
            kiosk.held = Math.min(kiosk.seq, kiosk.held + one.by);
            state = stepRecovery(state, { type: 'held', device, epoch: 'e', seq: kiosk.held }).state;
          }
          const open = [...kiosks.values()].some(
            (each) => !each.gone && (each.stated === null || each.held < each.stated),
          );
          expect(state.mode).toBe(open ? 'recovering' : 'normal');
          if (!open) return;
        }
      }),
      { numRuns: 500 },
    );
  });
});
