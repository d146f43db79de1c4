/**
 * Holds the machine's state for React and keeps its one timer. The clock is monotonic (`performance.now`): a stepped
 * wall clock must not hold a key back.
 */

import type { SetupToPage } from '@hailong/shared/protocol/panel-setup.ts';
import type { Bridge } from '@hailong/shared/protocol/ui.ts';
import { type KioskInput, type KioskState, nextWakeMs, startKiosk, stepKiosk } from './kiosk-machine.ts';

export interface KioskStore {
  readonly state: () => KioskState;
  readonly subscribe: (changed: () => void) => () => void;
  readonly dispatch: (input: KioskInput) => void;
}

export interface StoreClock {
  now(): number;
  /** Calls `run` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export const browserClock: StoreClock = {
  now: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** What is not of the screens and their touches. */
export interface Beside {
  readonly reload: () => void;
  readonly setup: (message: SetupToPage) => void;
}

/** Starts listening to the bridge at once; the window lives as long as the page. */
export function openKiosk(bridge: Bridge, clock: StoreClock, beside?: Beside): KioskStore {
  let state = startKiosk(clock.now());
  const listeners = new Set<() => void>();
  let cancelTimer: (() => void) | undefined;

  const dispatch = (input: KioskInput): void => {
    const step = stepKiosk(state, input, clock.now());
    if (step.send !== null) bridge.send(step.send);
    if (step.state === state && input.type !== 'wake') return;
    state = step.state;
    cancelTimer?.();
    const wakeAtMs = nextWakeMs(state);
    cancelTimer =
      wakeAtMs === null
        ? undefined
        : clock.after(Math.max(0, wakeAtMs - clock.now()), () => dispatch({ type: 'wake' }));
    for (const changed of listeners) changed();
  };

  bridge.onConnection((connected) => dispatch({ type: 'connection', connected }));
  bridge.subscribe((message) => {
    if (message.type === 'reload') beside?.reload();
    else if (message.type === 'setup') beside?.setup(message.message);
    else dispatch({ type: 'message', message });
  });
  // An agent that is away from the start must be noticed, too.
  dispatch({ type: 'wake' });

  return {
    state: () => state,
    dispatch,
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}
