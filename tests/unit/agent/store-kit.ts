/* A real agent database in a folder of its own, and the counter running on it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stepCounter } from '@hailong/shared/counter/counter-machine.ts';
import {
  type CounterInput,
  type Given,
  type Rules,
  SERVING,
  type Service,
} from '@hailong/shared/counter/counter-state.ts';
import type { AskTicket, DeviceId, EpochId, RatingId, VoteId } from '@hailong/shared/ids.ts';
import { sha256 } from '../../../kiosk-app/agent/adapters/sha256.ts';
import { SqliteCounterStore } from '../../../kiosk-app/agent/adapters/sqlite/counter-store.ts';
import { openDatabase } from '../../../kiosk-app/agent/adapters/sqlite/open-database.ts';
import { SqliteOutbox } from '../../../kiosk-app/agent/adapters/sqlite/outbox-store.ts';
import type { Committed, Held, Timers } from '../../../kiosk-app/agent/application/ports.ts';
import { COUNTER, FORM, id } from '../../support/counter-kit.ts';

export const DEVICE = 'd'.repeat(64) as DeviceId;
export const noTimers: Timers = { after: () => () => undefined };
export const epochOf = (n: number) => n.toString(16).padStart(32, '0') as EpochId;

export function tempData(): { path: string; file: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'hailong-store-'));
  return { path, file: join(path, 'agent.db'), remove: () => rmSync(path, { recursive: true, force: true }) };
}

export class StoredCounter {
  readonly db;
  readonly store: SqliteCounterStore;
  readonly outbox: SqliteOutbox;
  readonly epoch: EpochId;
  mono = 1_000;
  service: Service = SERVING;
  knowsPin: (officerCode: string) => boolean = () => false;
  rules: Rules | null = { instrument: FORM };
  #fresh: number;
  #ratings: number;

  constructor(file: string, run = 1, bootId = 'boot-1') {
    this.db = openDatabase(file);
    this.store = new SqliteCounterStore(this.db, sha256, DEVICE);
    this.outbox = new SqliteOutbox(this.db, sha256, DEVICE, noTimers);
    this.epoch = epochOf(run);
    this.#fresh = run * 1_000_000;
    this.#ratings = run * 1_000_000;
    const start = { epoch: this.epoch, bootId, build: 'test', counter: COUNTER };
    this.store.begin(start, this.stamp(), (held) =>
      stepCounter(held.state, { type: 'restart', bootId }, this.given(held)),
    );
  }

  feed(input: CounterInput): Committed {
    return this.store.commit(this.stamp(), (held) => stepCounter(held.state, input, this.given(held)));
  }

  stamp() {
    return { at: 1_795_392_000_000 + this.mono, mono: this.mono };
  }

  given(held: Held): Given {
    const n = ++this.#fresh;
    return {
      mono: this.mono,
      counter: COUNTER,
      rules: this.rules,
      service: this.service,
      knowsPin: (code) => this.knowsPin(code),
      fresh: {
        rating: () => id<RatingId>('b', ++this.#ratings),
        vote: id<VoteId>('9', n),
        askTicket: (1_000 + n) as AskTicket,
      },
      known: held.known,
    };
  }

  /** Events of this run, by type. */
  types(): string[] {
    return this.outbox.between(this.epoch, 0, 10_000).map((event) => event.body.type);
  }
}
