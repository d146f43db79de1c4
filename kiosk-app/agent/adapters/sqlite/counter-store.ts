/**
 * Purpose: the chain and the counter's state on disk. One call = one immediate transaction: what the decision says is
 *   appended with its sequence numbers and hashes, indexed by identity, and stored with the new state.
 * Refuses: to change its memory before the commit; a commit that failed throws `kiosk.cannot_store` and the next call
 *   reads everything anew.
 * Document: kiosk-app/DESIGN.md, K1 to K4.
 */
import { type CounterState, type CounterStep, emptyCounter } from '@hailong/shared/counter/counter-state.ts';
import {
  chainHash,
  EVENT_VERSION,
  type Event,
  encodeEvent,
  genesisHash,
  type Sha256,
  toHex,
} from '@hailong/shared/edge/event.ts';
import { CodedError } from '@hailong/shared/errors.ts';
import type { DeviceId, EpochId } from '@hailong/shared/ids.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import type { Database } from 'better-sqlite3';
import type {
  AppendedEvent,
  Committed,
  CounterStore,
  EpochStart,
  Held,
  Stamp,
} from '../../application/ports.ts';
import { EventIndex } from './event-index.ts';
import { isStorageError } from './open-database.ts';
import { openSealed, sumOf } from './sealed-json.ts';
import { stateFromChain } from './state-from-chain.ts';

const PARTS = [
  ...(['bootId', 'duty', 'serving', 'rating', 'form', 'offer'] as const),
  ...(['walkupFromMono', 'waiting', 'aside', 'accepted', 'slips'] as const),
] as const;
type Parts = Pick<CounterState, (typeof PARTS)[number]>;

interface Head {
  readonly no: number;
  readonly epoch: EpochId;
  readonly seq: number;
  readonly hash: Uint8Array;
}

export class SqliteCounterStore implements CounterStore {
  readonly #db: Database;
  readonly #sha256: Sha256;
  readonly #device: DeviceId;
  readonly #index: EventIndex;
  readonly #sql;
  /** The stored state did not fit its checksum; it was made anew from the chain. */
  damaged = false;
  #state: CounterState;
  #head: Head | null = null;
  #stale = false;
  /** Every part is written anew with the next commit, since one that is stored cannot be trusted. */
  #rewrite = false;

  constructor(db: Database, sha256: Sha256, device: DeviceId) {
    this.#db = db;
    this.#sha256 = sha256;
    this.#device = device;
    this.#index = new EventIndex(db);
    this.#sql = {
      insertEvent: db.prepare('INSERT INTO event (epoch_no, seq, bytes, hash) VALUES (?, ?, ?, ?)'),
      insertEpoch: db.prepare('INSERT INTO epoch (epoch) VALUES (?)'),
      saveState: db.prepare(
        `INSERT INTO counter_state (part, json, sum) VALUES (?, ?, ?)
         ON CONFLICT (part) DO UPDATE SET json = excluded.json, sum = excluded.sum`,
      ),
      loadState: db.prepare('SELECT part, json, sum FROM counter_state'),
      chain: db.prepare('SELECT bytes FROM event ORDER BY epoch_no, seq').pluck(),
      lastEvent: db.prepare(
        `SELECT e.no, e.epoch, v.seq, v.hash FROM epoch e JOIN event v ON v.epoch_no = e.no
         ORDER BY e.no DESC, v.seq DESC LIMIT 1`,
      ),
      probe: db.prepare(
        `INSERT INTO setting (key, json) VALUES ('probe', ?)
         ON CONFLICT (key) DO UPDATE SET json = excluded.json`,
      ),
    };
    this.#state = this.#loadState(emptyCounter('').now);
  }

  get state(): CounterState {
    return this.#state;
  }

  begin(start: EpochStart, stamp: Stamp, decide: (held: Held) => CounterStep): Committed {
    return this.#transaction(() => {
      const parent = this.#sql.lastEvent.get() as (Omit<Head, 'hash'> & { hash: Uint8Array }) | undefined;
      const no = Number(this.#sql.insertEpoch.run(start.epoch).lastInsertRowid);
      const genesis = genesisHash(this.#sha256, this.#device, start.epoch);
      this.#head = { no, epoch: start.epoch, seq: 0, hash: genesis };
      const started: EventBody = {
        type: 'agent.started',
        device: this.#device,
        epoch: start.epoch,
        parent: parent ? { epoch: parent.epoch, seq: parent.seq, hash: toHex(parent.hash) } : null,
        bootId: start.bootId,
        build: start.build,
        counter: start.counter,
      };
      return this.#write(stamp, decide(this.#held()), [started]);
    });
  }

  commit(stamp: Stamp, decide: (held: Held) => CounterStep): Committed {
    return this.#transaction(() => this.#write(stamp, decide(this.#held()), []));
  }

  probe(stamp: Stamp): boolean {
    try {
      this.#sql.probe.run(JSON.stringify(stamp.at));
      return true;
    } catch (error) {
      if (isStorageError(error)) return false;
      throw error;
    }
  }

  #held(): Held {
    return {
      state: this.#state,
      known: this.#index,
      ticketIsUsed: (askTicket) => this.#index.ratingOfTicket(askTicket) !== null,
    };
  }

  #transaction(run: () => Committed & { head: Head }): Committed {
    const before = this.#head;
    try {
      if (this.#stale) this.#reload();
      const { step, appended, head } = this.#db.transaction(run).immediate();
      this.#head = head;
      this.#state = step.state;
      this.#rewrite = false;
      return { step, appended };
    } catch (error) {
      this.#head = before;
      this.#stale = true;
      if (isStorageError(error)) throw new CodedError('kiosk.cannot_store', error.code);
      throw error;
    }
  }

  #write(stamp: Stamp, step: CounterStep, first: readonly EventBody[]): Committed & { head: Head } {
    let head = this.#head;
    if (!head) throw new Error('commit before begin');
    const appended: AppendedEvent[] = [];
    for (const body of [...first, ...step.events]) {
      const event = { v: EVENT_VERSION, seq: head.seq + 1, ...stamp, body } as Event;
      const bytes = encodeEvent(event);
      const hash = chainHash(this.#sha256, head.hash, bytes);
      this.#sql.insertEvent.run(head.no, event.seq, bytes, hash);
      this.#index.add(body, { epochNo: head.no, seq: event.seq });
      head = { ...head, seq: event.seq, hash };
      appended.push({ epoch: head.epoch, seq: event.seq, hash, event });
    }
    for (const mark of step.marks) this.#index.mark(mark);
    for (const part of PARTS)
      if (this.#rewrite || step.state[part] !== this.#state[part]) this.#save(part, step.state[part]);
    return { step, appended, head };
  }

  #save(part: keyof Parts, value: unknown): void {
    const json = JSON.stringify(value);
    this.#sql.saveState.run(part, json, sumOf(part, json));
  }

  /** After a failed commit memory is not trusted: the state is what the disk says. */
  #reload(): void {
    this.#state = this.#loadState(this.#state.now);
    if (this.#head) {
      const last = this.#sql.lastEvent.get() as Head | undefined;
      if (last && last.no === this.#head.no) this.#head = last;
    }
    this.#stale = false;
  }

  #loadState(now: CounterState['now']): CounterState {
    const rows = this.#sql.loadState.all() as { part: keyof Parts; json: string; sum: Uint8Array | null }[];
    const parts = new Map<string, unknown>();
    for (const { part, json, sum } of rows) {
      const read = openSealed(part, json, sum);
      if (read.ok) parts.set(part, read.value);
      else this.#rewrite = true;
    }
    this.damaged ||= this.#rewrite;
    // One part that cannot be trusted: none is.
    if (this.#rewrite) return { ...stateFromChain(this.#sql.chain.iterate() as Iterable<Uint8Array>), now };
    return { ...emptyCounter(''), ...(Object.fromEntries(parts) as Partial<Parts>), now };
  }
}
