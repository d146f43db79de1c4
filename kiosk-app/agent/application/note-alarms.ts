/**
 * Purpose: what this agent raised since its start and has not ended, for the hub's page of kiosks: nobody reads the journal of a
 *   kiosk. Refuses: to hold more than a few kinds; the newest stay.
 * Document: shared/PROTOCOL.md, "Health".
 */
import type { DeviceHealth } from '@hailong/shared/model/device-health.ts';
import type { Clock, Reporter } from './ports.ts';

const KINDS_MAX = 16;

export class AlarmNotes implements Reporter {
  readonly #said: Reporter;
  readonly #clock: Pick<Clock, 'stamp'>;
  /** By code, the newest last. */
  readonly #raised = new Map<string, { readonly count: number; readonly mono: number }>();

  constructor(said: Reporter, clock: Pick<Clock, 'stamp'>) {
    this.#said = said;
    this.#clock = clock;
  }

  line(value: Readonly<Record<string, unknown>>): void {
    if (value['event'] === 'alarm') this.#note(String(value['code']));
    else if (value['event'] === 'alarmEnded') this.#raised.delete(String(value['code']));
    this.#said.line(value);
  }

  say(vi: string, en: string): void {
    this.#said.say(vi, en);
  }

  health(): NonNullable<DeviceHealth['alarms']> {
    const { mono } = this.#clock.stamp();
    return [...this.#raised].map(([code, each]) => ({
      ...{ code, count: each.count, agoMs: Math.max(0, Math.round(mono - each.mono)) },
    }));
  }

  #note(code: string): void {
    const count = (this.#raised.get(code)?.count ?? 0) + 1;
    this.#raised.delete(code);
    this.#raised.set(code, { count, mono: this.#clock.stamp().mono });
    for (const oldest of this.#raised.keys()) if (this.#raised.size > KINDS_MAX) this.#raised.delete(oldest);
  }
}
