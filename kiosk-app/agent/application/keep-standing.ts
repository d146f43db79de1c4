/**
 * Purpose: keeps what the hub lets this device do, over restarts: serving, suspended, superseded, handed over, revoked.
 *   A restart without the hub stands as the hub left it; only the hub's own welcome lifts a revocation.
 * Refuses: to forget a revocation because the disk is full: it holds in memory and is written with the next word.
 * Document: kiosk-app/DESIGN.md, "Standing".
 */
import { SERVING, type Service, service } from '@hailong/shared/counter/counter-state.ts';
import type { HandoverId } from '@hailong/shared/ids.ts';
import type { Standing } from '@hailong/shared/protocol/edge.ts';
import type { Clock, Reporter, Settings } from './ports.ts';
import { raiseAlarm } from './raise-alarm.ts';

const CODE_OF = {
  serving: null,
  suspended: 'device.suspended',
  superseded: 'device.superseded',
} as const satisfies Record<Standing, Service['closed']>;

export interface StandingParts {
  readonly settings: Settings;
  readonly report: Reporter;
  readonly clock: Clock;
  /** The counter obeys from now on. */
  readonly apply: (service: Service) => void;
}

export class StandingKeeper {
  readonly #parts: StandingParts;
  #service: Service;

  constructor(parts: StandingParts) {
    this.#parts = parts;
    const held = service.safeParse(parts.settings.read('service'));
    this.#service = held.success ? held.data : SERVING;
  }

  get service(): Service {
    return this.#service;
  }

  /** The hub's word in a welcome or later on the line. */
  told(standing: Standing, handover: HandoverId | null): void {
    this.#change({ closed: CODE_OF[standing], handover }, '');
  }

  /** `unsynced`: events of this device the hub does not hold; two people at the hub write them off. */
  revoked(unsynced: number): void {
    this.#change({ ...this.#service, closed: 'device.revoked' }, `unsynced: ${unsynced}`);
  }

  #change(service: Service, detail: string): void {
    const before = this.#service;
    if (before.closed === service.closed && before.handover === service.handover) return;
    this.#service = service;
    const { settings, report, apply } = this.#parts;
    settings.write('service', service);
    apply(service);
    if (service.closed !== null && service.closed !== before.closed)
      raiseAlarm(this.#parts, service.closed, detail);
    if (service.closed === null && before.closed !== null)
      report.say('Máy chủ cho phép phục vụ lại.', 'The hub lets this device serve again.');
    if (service.handover !== null && service.handover !== before.handover)
      raiseAlarm(this.#parts, 'kiosk.handed_over', service.handover);
  }
}
