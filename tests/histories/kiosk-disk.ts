/*
 * Purpose: a kiosk's disk as a log of whole writes, and the agent's storage ports on it. A commit is one record; `synced`
 * says how many of them an fsync covers; a power cut takes the others. So a copy is a clone, a shorter log a lost WAL
 * suffix, an empty one a re-imaged machine, and opening it again is a replay, as a database's is.
 * Refuses, as the real store does: everything while it is full (`kiosk.cannot_store`). It says nothing of its own.
 */
import type {
  BatchRead,
  Committed,
  CounterStore,
  EpochStart,
  Held,
  HeldEpoch,
  HighWaterMark,
  Outbox,
  SettingKey,
  Settings,
  Stamp,
} from '../../kiosk-app/agent/application/ports.ts';
import {
  type CountedPress,
  type CounterState,
  type CounterStep,
  emptyCounter,
  type IntentMark,
  type Known,
  type KnownTransaction,
  type PressKey,
} from '../../shared/src/counter/counter-state.ts';
import {
  EVENT_VERSION,
  type Event,
  encodeEvent,
  fromHex,
  genesisHash,
  toHex,
} from '../../shared/src/edge/event.ts';
import { CodedError } from '../../shared/src/errors.ts';
import type { DeviceId, EpochId, IntentId, RatingId, Sha256Hex, VoteId } from '../../shared/src/ids.ts';
import type { EventBody } from '../../shared/src/model/event.ts';
import { sha256 } from './keyring.ts';

const PARTS = [
  ...(['bootId', 'duty', 'serving', 'rating', 'form', 'offer'] as const),
  ...(['walkupFromMono', 'waiting', 'aside', 'accepted', 'slips'] as const),
] as const;
type Parts = Pick<CounterState, (typeof PARTS)[number]>;

export interface Row {
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  /** Null: bytes that are no event. */
  readonly event: Event | null;
}
/** One write to the disk: whole or not there. */
export interface DiskRecord {
  readonly opens?: EpochId;
  readonly epoch?: EpochId;
  readonly rows?: readonly Row[];
  readonly marks?: readonly IntentMark[];
  readonly parts?: Partial<Parts>;
  readonly setting?: readonly [SettingKey, unknown];
  /** Notes beside a chain: what the hub said it has, what is safe, from where on bytes are still here. */
  readonly note?: { readonly epoch: EpochId } & Partial<Notes>;
  readonly forgetsWords?: true;
  /** True time, ms. */
  readonly at?: number;
}
interface Notes {
  acknowledged: number;
  safe: number;
  floor: number;
  forked: boolean;
}
/** A body that stands for bytes which are no event of this version: what a broken build or a bad sector would chain. */
export interface RawBody {
  readonly type: 'raw';
  readonly raw: Uint8Array;
}

/** The process or the machine died at this very point. */
export class Crashed extends Error {}

export class KioskDisk {
  records: DiskRecord[] = [];
  /** Records that survive a power cut. */
  synced = 0;
  full = false;
  /** The file beside the database. */
  highWater: HighWaterMark | null = null;
  /** Asked around every commit; throws `Crashed` to die there. */
  atCommit: (point: 'before' | 'after') => void = () => {};
  /** True time, for whoever asks later what could have been known. */
  now: () => number = () => 0;
  /** Told of every event as it is written. */
  written: (hash: Uint8Array, event: Event) => void = () => {};
  /** More than 1 only in a planted bug: a commit is written and waits for a later one's fsync. */
  syncEvery = 1;
  /** More than 0 only in a planted bug: so many commits are not even written yet. */
  inMemory = 0;

  write(record: DiskRecord): void {
    if (this.full) throw new CodedError('kiosk.cannot_store', 'SQLITE_FULL');
    this.atCommit('before');
    this.records.push({ ...record, at: this.now() });
    if (this.records.length >= this.synced + this.syncEvery) this.synced = this.records.length;
    this.atCommit('after');
  }

  /** The process is gone: what it had only in memory too. */
  forget(): void {
    if (this.inMemory > 0) this.records.length = Math.max(0, this.records.length - this.inMemory);
    this.synced = Math.min(this.synced, this.records.length);
  }

  powerCut(): void {
    this.records.length = this.synced;
  }

  /** The end of the log is gone; answers the rows that went with it, and when each was written. */
  loseSuffix(records: number): { readonly row: Row; readonly at: number }[] {
    const gone = this.records.splice(Math.max(0, this.records.length - records));
    this.synced = this.records.length;
    return gone.flatMap(({ rows = [], at = 0 }) => rows.map((row) => ({ row, at })));
  }

  copy(): KioskDisk {
    const copy = new KioskDisk();
    copy.records = this.records.slice(0, this.synced);
    copy.synced = copy.records.length;
    copy.highWater = this.highWater;
    return copy;
  }

  /** What is on it of every chain, oldest epoch first. */
  chains(): Map<EpochId, Row[]> {
    const chains = new Map<EpochId, Row[]>();
    const floors = new Map<EpochId, number>();
    for (const record of this.records) {
      if (record.opens && !chains.has(record.opens)) chains.set(record.opens, []);
      if (record.epoch && record.rows) chains.get(record.epoch)!.push(...record.rows);
      const { epoch, floor } = record.note ?? {};
      if (epoch && floor) floors.set(epoch, floor);
    }
    for (const [epoch, floor] of floors) chains.set(epoch, chains.get(epoch)!.slice(floor - 1));
    return chains;
  }
}

interface HeldRows extends Notes {
  readonly rows: Row[];
}

/** The disk opened by one process: its tables, and the ports over them. */
export class OpenedDisk implements CounterStore, Outbox, Known {
  readonly disk: KioskDisk;
  readonly #device: DeviceId;
  readonly #chains = new Map<EpochId, HeldRows>();
  readonly #settings = new Map<SettingKey, unknown>();
  readonly #presses = new Map<string, CountedPress | null>();
  readonly #touches = new Map<string, VoteId>();
  readonly #asks = new Map<number, RatingId>();
  readonly #intents = new Map<IntentId, IntentMark>();
  readonly #fell = new Set<string>();
  readonly #served = new Map<string, { by: string | null; annotated: boolean }>();
  readonly #slips = new Set<Sha256Hex>();
  readonly #anchors: { readonly epoch: EpochId; readonly seq: number; readonly hubAt: number }[] = [];
  #state: CounterState;
  #epoch: EpochId | null = null;

  constructor(disk: KioskDisk, device: DeviceId) {
    this.disk = disk;
    this.#device = device;
    const parts: Partial<Parts> = {};
    for (const record of disk.records) this.#apply(record, parts);
    this.#state = { ...emptyCounter(''), ...parts };
  }

  // ---------------------------------------------------------------- CounterStore

  get state(): CounterState {
    return this.#state;
  }

  begin(start: EpochStart, stamp: Stamp, decide: (held: Held) => CounterStep): Committed {
    const last = [...this.#chains].filter(([, { rows }]) => rows.length > 0).at(-1);
    const parent = last ? { epoch: last[0], rows: last[1].rows } : null;
    const started: EventBody = {
      type: 'agent.started',
      device: this.#device,
      epoch: start.epoch,
      parent: parent
        ? { epoch: parent.epoch, seq: parent.rows.at(-1)!.seq, hash: toHex(parent.rows.at(-1)!.hash) }
        : null,
      bootId: start.bootId,
      build: start.build,
      counter: start.counter,
    };
    const committed = this.#write(start.epoch, true, stamp, decide(this.#held()), [started]);
    this.#epoch = start.epoch;
    return committed;
  }

  /** This store for a process that was woken from an image of its memory: it goes on in the epoch it was in. */
  woken(epoch: EpochId): CounterStore {
    this.#epoch = epoch;
    const { state } = this;
    const begin = (): Committed => ({ step: { state, events: [], marks: [], effects: [] }, appended: [] });
    const store = this;
    return {
      get state() {
        return store.state;
      },
      begin,
      commit: (stamp, decide) => store.commit(stamp, decide),
      probe: () => store.probe(),
    };
  }

  commit(stamp: Stamp, decide: (held: Held) => CounterStep): Committed {
    if (this.#epoch === null) throw new Error('commit before begin');
    return this.#write(this.#epoch, false, stamp, decide(this.#held()), []);
  }

  probe(): boolean {
    return !this.disk.full;
  }

  #held(): Held {
    return { state: this.#state, known: this, ticketIsUsed: (ticket) => this.#asks.has(ticket) };
  }

  #write(
    epoch: EpochId,
    opens: boolean,
    stamp: Stamp,
    step: CounterStep,
    first: readonly EventBody[],
  ): Committed {
    const held = this.#chains.get(epoch)?.rows.at(-1);
    let seq = held?.seq ?? 0;
    let hash = held?.hash ?? genesisHash(sha256, this.#device, epoch);
    const rows = [...first, ...step.events].map((body): Row => {
      seq += 1;
      const raw = (body as unknown as RawBody).type === 'raw' ? (body as unknown as RawBody).raw : null;
      const event = { v: EVENT_VERSION, seq, at: stamp.at, mono: stamp.mono, body } as Event;
      const bytes = raw ?? encodeEvent(event);
      hash = sha256(hash, bytes);
      if (!raw) this.disk.written(hash, event);
      return { seq, bytes, hash, event: raw ? null : event };
    });
    const parts: Partial<Record<keyof Parts, unknown>> = {};
    for (const part of PARTS) if (step.state[part] !== this.#state[part]) parts[part] = step.state[part];
    const written = { epoch, rows, marks: step.marks, parts: parts as Partial<Parts> };
    const record: DiskRecord = opens ? { ...written, opens: epoch } : written;
    if (opens || rows.length + step.marks.length + Object.keys(parts).length > 0) this.disk.write(record);
    this.#apply(record, {});
    this.#state = step.state;
    const appended = rows.map((row) => ({ epoch, seq: row.seq, hash: row.hash, event: row.event! }));
    return { step, appended };
  }

  #apply(record: DiskRecord, parts: Partial<Parts>): void {
    if (record.opens && !this.#chains.has(record.opens))
      this.#chains.set(record.opens, { rows: [], acknowledged: 0, safe: 0, floor: 1, forked: false });
    const chain = record.epoch ? this.#chains.get(record.epoch) : undefined;
    for (const row of record.rows ?? []) {
      chain?.rows.push(row);
      if (row.event) this.#index(record.epoch!, row.seq, row.event.body);
    }
    for (const mark of record.marks ?? []) {
      this.#intents.set(mark.intent, mark);
      if (mark.state === 'refused' && mark.transaction && mark.content.startsWith('transaction.open '))
        this.#fell.add(mark.transaction);
    }
    Object.assign(parts, record.parts);
    if (record.setting) this.#settings.set(...record.setting);
    if (record.forgetsWords)
      for (const held of this.#chains.values()) {
        held.safe = 0;
        held.acknowledged = 0;
      }
    if (record.note) {
      const { epoch, ...notes } = record.note;
      const held = this.#chains.get(epoch);
      if (held) Object.assign(held, notes);
    }
  }

  #index(epoch: EpochId, seq: number, body: EventBody): void {
    switch (body.type) {
      case 'time.anchor':
        this.#anchors.push({ epoch, seq, hubAt: body.hubAt });
        break;
      case 'rating.opened':
        if (body.slip !== undefined) this.#slips.add(body.slip);
        break;
      case 'question.asked':
        this.#asks.set(body.askTicket, body.rating);
        break;
      case 'walkup.voted':
      case 'rating.voted': {
        const { vote, question, level, source } = body;
        const transaction = body.type === 'rating.voted' ? body.transaction : null;
        if (source.via === 'touch') this.#touches.set(source.press, vote);
        else
          this.#presses.set(pressName({ ...source, askTicket: body.askTicket }), {
            ...{ vote, transaction, question, level },
          });
        break;
      }
      case 'chips.chosen':
        this.#touches.set(body.press, body.overallVote);
        break;
      case 'press.stray':
        this.#presses.set(pressName(body), null);
        break;
      case 'transaction.opened':
        this.#served.set(body.transaction, { by: null, annotated: false });
        break;
      case 'transaction.finished': {
        const held = this.#served.get(body.transaction);
        if (held) held.by = body.by;
        break;
      }
      case 'transaction.annotated': {
        const held = this.#served.get(body.transaction);
        if (held) held.annotated = true;
        break;
      }
    }
  }

  // ---------------------------------------------------------------- Known

  intent(id: IntentId): IntentMark | null {
    return this.#intents.get(id) ?? null;
  }
  transaction(id: string): KnownTransaction | null {
    const held = this.#served.get(id);
    if (!held) return this.#fell.has(id) ? { state: 'fell' } : null;
    if (held.by === null) return { state: 'open' };
    return { state: 'finished', byOfficer: held.by === 'officer', annotated: held.annotated };
  }
  press(key: PressKey): { counted: CountedPress | null } | null {
    const held = this.#presses.get(pressName(key));
    return held === undefined ? null : { counted: held };
  }
  touch(press: string): { vote: VoteId } | null {
    const vote = this.#touches.get(press);
    return vote === undefined ? null : { vote };
  }
  ratingOfTicket(askTicket: number): RatingId | null {
    return this.#asks.get(askTicket) ?? null;
  }
  slipIsUsed(hash: Sha256Hex): boolean {
    return this.#slips.has(hash);
  }

  // ---------------------------------------------------------------- Outbox

  epochs(): readonly HeldEpoch[] {
    return [...this.#chains]
      .filter(([, { rows }]) => rows.length > 0)
      .map(([epoch, { rows, acknowledged, floor }]) => {
        const { seq, hash } = rows.at(-1)!;
        return { epoch, head: seq, hash: toHex(hash), acknowledged, floor, last: seq };
      });
  }
  /** A history has no thousand epochs. */
  hasMore(): boolean {
    return false;
  }
  others(): { epochs: readonly HeldEpoch[]; more: boolean } {
    return { epochs: [], more: false };
  }
  headOf(epoch: EpochId): { seq: number; hash: Sha256Hex } | null {
    const last = this.#chains.get(epoch)?.rows.at(-1);
    return last ? { seq: last.seq, hash: toHex(last.hash) } : null;
  }
  hashAt(epoch: EpochId, seq: number): Sha256Hex | null {
    const row = this.#row(epoch, seq);
    return row ? toHex(row.hash) : null;
  }
  read(epoch: EpochId, first: number, eventsMax: number, bytesMax: number): BatchRead | null {
    if (first < (this.#chains.get(epoch)?.floor ?? 1)) return null;
    const before = first === 1 ? null : this.hashAt(epoch, first - 1);
    if (first > 1 && before === null) return null;
    let hash = before ? fromHex(before) : genesisHash(sha256, this.#device, epoch);
    const prevHash = toHex(hash);
    const events: Uint8Array[] = [];
    let bytes = 0;
    const rows = this.#chains.get(epoch)?.rows ?? [];
    for (let at = first - 1; at < rows.length && at < first - 1 + eventsMax; at += 1) {
      const row = rows[at]!;
      bytes += row.bytes.byteLength + 4;
      if (events.length > 0 && bytes > bytesMax) break;
      hash = row.hash;
      events.push(row.bytes);
    }
    if (events.length === 0) return null;
    return { events, prevHash, head: { seq: first + events.length - 1, hash: toHex(hash) } };
  }
  between(epoch: EpochId, from: number, to: number): readonly Event[] {
    const held = this.#chains.get(epoch);
    const events: Event[] = [];
    if (held)
      for (let at = Math.max(from, held.floor - 1); at < to && at < held.rows.length; at += 1) {
        const { event } = held.rows[at]!;
        if (event) events.push(event);
      }
    return events;
  }
  acknowledge(epoch: EpochId, seq: number): void {
    const held = this.#chains.get(epoch);
    if (held && seq > held.acknowledged) this.#note({ note: { epoch, acknowledged: seq } });
  }
  markSafe(safe: readonly { readonly epoch: EpochId; readonly seq: number }[]): boolean {
    return safe.every(
      ({ epoch, seq }) =>
        (this.#chains.get(epoch)?.safe ?? seq) === seq || this.#note({ note: { epoch, safe: seq } }),
    );
  }
  forgetWords(): boolean {
    return this.#note({ forgetsWords: true });
  }
  markForked(epoch: EpochId): void {
    this.#note({ note: { epoch, forked: true } });
  }
  prune(hubAt: number, eventsMax: number): number {
    const order = [...this.#chains.keys()];
    const anchor = this.#anchors.findLast((one) => one.hubAt <= hubAt);
    if (!anchor) return 0;
    const limit = order.indexOf(anchor.epoch);
    for (const [no, epoch] of order.slice(0, limit + 1).entries()) {
      const { rows, safe, acknowledged, floor, forked } = this.#chains.get(epoch)!;
      const last = Math.min(safe, acknowledged, no < limit ? rows.length : anchor.seq, floor + eventsMax - 1);
      if (forked || last < floor) continue;
      return this.#note({ note: { epoch, floor: last + 1 } }) ? last - floor + 1 : 0;
    }
    return 0;
  }
  /** A note beside the chain; on a full disk it is not taken. */
  #note(record: DiskRecord): boolean {
    if (this.disk.full) return false;
    this.disk.write(record);
    this.#apply(record, {});
    return true;
  }
  #row(epoch: EpochId, seq: number): Row | undefined {
    return this.#chains.get(epoch)?.rows[seq - 1];
  }

  // ---------------------------------------------------------------- Settings

  readSetting(key: SettingKey): unknown {
    return this.#settings.get(key) ?? null;
  }
  settings(): Settings {
    return {
      read: (key) => this.readSetting(key),
      write: (key, value) => {
        if (this.disk.full) return false;
        const record: DiskRecord = { setting: [key, value] };
        this.disk.write(record);
        this.#apply(record, {});
        return true;
      },
    };
  }
}

const pressName = ({ hwid, boot, seq, askTicket, button, uptimeMs }: PressKey): string =>
  `${hwid} ${boot} ${seq} ${askTicket} ${button} ${uptimeMs}`;
