/**
 * Purpose: lets the screen be dark outside the office's hours, and lights it at a touch, a press or a service.
 * Refuses: to darken anything but a counter at rest (shared/src/counter/screen-hours.ts decides).
 * Document: kiosk-app/LOCK.md, "Dark outside office hours".
 */
import { isDark, isRestful, type ScreenHours } from '@hailong/shared/counter/screen-hours.ts';
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { Clock, Timers } from './ports.ts';

/** An office opens and closes by the minute. */
const LOOK_EVERY_MS = 15_000;

export interface ScreenLightParts {
  readonly clock: Pick<Clock, 'stamp'>;
  readonly timers: Timers;
  /** By the hub's clock where it is known. */
  readonly now: () => number;
  readonly hours: () => ScreenHours | null;
  /** The screen may look otherwise now. */
  readonly changed: () => void;
}

export class ScreenLight {
  readonly #parts: ScreenLightParts;
  #stirredMono: number;
  #cancel: () => void;

  constructor(parts: ScreenLightParts) {
    this.#parts = parts;
    this.#stirredMono = parts.clock.stamp().mono;
    this.#cancel = parts.timers.after(LOOK_EVERY_MS, () => this.#look());
  }

  /** Somebody touched the dark screen or pressed a button. */
  wake(): void {
    this.#stirredMono = this.#parts.clock.stamp().mono;
    this.#parts.changed();
  }

  /** The screen as it is shown. */
  over(screen: Screen): Screen {
    const { clock, now, hours } = this.#parts;
    const { mono } = clock.stamp();
    if (!isRestful(screen)) this.#stirredMono = mono;
    const given = { hours: hours(), at: now(), mono, stirredMono: this.#stirredMono };
    return isDark(screen, given) ? { ...screen, dark: true } : screen;
  }

  stop(): void {
    this.#cancel();
  }

  #look(): void {
    this.#cancel = this.#parts.timers.after(LOOK_EVERY_MS, () => this.#look());
    this.#parts.changed();
  }
}
