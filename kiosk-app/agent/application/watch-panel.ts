/**
 * Purpose: says once that the expected panel is away, and once that it is back: to the screen (touch is the way meanwhile),
 *   as an alarm that ends with it, and to the hub by a status.
 * Refuses: to speak of an absence shorter than a reconnection takes, and to promise a panel that cannot be seen.
 * Document: kiosk-app/DESIGN.md, "The panel".
 */
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { ShownPanel } from '@hailong/shared/protocol/ui.ts';
import type { Clock, Panel, PanelState, Reporter, Timers } from './ports.ts';
import { endAlarm, raiseAlarm } from './raise-alarm.ts';

/**
 * A line that was lost for a moment is ready again in 0.4 s; silence is noticed within 4 s. Together under the 5 s within
 * which an unplug is announced.
 */
export const AWAY_AFTER_MS = 500;

const CODES: Readonly<Record<Exclude<PanelState, 'none' | 'ready'>, ErrorCode>> = {
  away: 'panel.unavailable',
  syncing: 'panel.unavailable',
  incompatible: 'panel.incompatible',
  'wrong-device': 'panel.wrong_device',
};

export interface WatchPanelParts {
  readonly panel: Pick<Panel, 'state'>;
  /** Of a panel that types keys into the window; null: it has a line. */
  readonly wedge: ShownPanel['wedge'] | null;
  /** False: its line says nothing of whether it is there. */
  readonly isSeen: boolean;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly report: Reporter;
  /** What is shown has changed. */
  readonly changed: () => void;
}

export class PanelWatch {
  readonly #parts: WatchPanelParts;
  #told: ErrorCode | null = null;
  #cancel: (() => void) | null = null;

  constructor(parts: WatchPanelParts) {
    this.#parts = parts;
  }

  /** For the screen; null: there is no panel, or it has been away for a moment only. */
  get shown(): ShownPanel | null {
    const { panel, wedge, isSeen } = this.#parts;
    if (wedge) return { state: 'unknown', wedge };
    if (panel.state === 'ready') return { state: isSeen ? 'ready' : 'unknown' };
    return this.#told === null ? null : { state: 'away' };
  }

  /** To be called at the start and whenever the panel's state may be another. */
  look(): void {
    const { state } = this.#parts.panel;
    if (state === 'none') return;
    if (state === 'ready') {
      this.stop();
      if (this.#told === null) return;
      this.#end();
      this.#parts.report.say('Bộ nút đã nối lại.', 'The panel is back.');
      this.#parts.changed();
      return;
    }
    // Another panel than the right one does not become it by waiting.
    if (state === 'incompatible' || state === 'wrong-device') this.#tell(CODES[state]);
    else if (this.#told === null)
      this.#cancel ??= this.#parts.timers.after(AWAY_AFTER_MS, () => this.#tell(CODES[state]));
  }

  /** It is watched no more: another one takes its place. */
  retire(): void {
    this.stop();
    this.#end();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #end(): void {
    if (this.#told !== null) endAlarm(this.#parts, this.#told);
    this.#told = null;
  }

  #tell(code: ErrorCode): void {
    this.stop();
    if (this.#told === code) return;
    this.#end();
    this.#told = code;
    raiseAlarm(this.#parts, code, '');
    this.#parts.changed();
  }
}
