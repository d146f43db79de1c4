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
  /** Whether it went to the agent at once. */
  readonly dispatch: (input: KioskInput) => boolean;
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

  const dispatch = (input: KioskInput): boolean => {
    const step = stepKiosk(state, input, clock.now());
    if (step.send !== null) bridge.send(step.send);
    const sent = step.send !== null;
    if (step.state === state && input.type !== 'wake') return sent;
    state = step.state;
    cancelTimer?.();
    const wakeAtMs = nextWakeMs(state);
    cancelTimer =
      wakeAtMs === null
        ? undefined
        : clock.after(Math.max(0, wakeAtMs - clock.now()), () => void dispatch({ type: 'wake' }));
    for (const changed of listeners) changed();
    return sent;
  };

  bridge.onConnection((connected) => void dispatch({ type: 'connection', connected }));
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
