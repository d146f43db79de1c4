/*
 * The sync machine against a model hub in memory on a line that cuts, swallows answers and repeats them; the hub is
 * restored, a clone writes under our numbers, the device deletes what is safe and loses single events. Plus the rules.
 */
import { createHash } from 'node:crypto';
import { BATCH_BYTES_MIN, initialSync, RETRY_MAX_MS, stepSync } from '@hailong/shared/edge/sync-machine.ts';
import {
  type HeldHead,
  type SyncEffect,
  type SyncInput,
  type SyncState,
  unsynced,
} from '@hailong/shared/edge/sync-state.ts';
import type { EpochId, Sha256Hex } from '@hailong/shared/ids.ts';
import { BATCH_EVENTS_MAX } from '@hailong/shared/protocol/edge.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const epoch = (n: number) => String(n).padStart(32, '0') as EpochId;
/** The hash of an event, and of nothing. */
const hashOf = (text: string) => text.padStart(64, '0') as Sha256Hex;
const GENESIS = hashOf('9');

/** Each hash covers all before it. */
const chained = (prev: Sha256Hex, event: string) =>
  createHash('sha256').update(`${prev} ${event}`).digest('hex') as Sha256Hex;

interface HubEpoch {
  /** The main line by number; behind a listed gap there are holes. */
  readonly main: (Sha256Hex | undefined)[];
  readonly kept: Set<Sha256Hex>;
}

/** A device and a hub that judges as a real one does: extends its head, keeps forks beside it, lists gaps. */
class Line {
  readonly device = new Map<EpochId, { hashes: Sha256Hex[]; floor: number; damaged: Set<number> }>();
  readonly hub = new Map<EpochId, HubEpoch>();
  /** Per epoch: up to where the device noted an acknowledgement (as its table does). */
  readonly noted = new Map<EpochId, number>();
  readonly acknowledged = new Set<string>();
  readonly alarms: string[] = [];
  readonly batches: number[] = [];
  state: SyncState;
  cutAfterEvents = Number.POSITIVE_INFINITY;
  retryMs: number[] = [];
  /** Says in its welcome which branches it keeps. */
  namesBranches = true;
  #wire: Extract<SyncEffect, { kind: 'send' }>[] = [];
  #retry = false;
  #overdue = 0;

  constructor(epochs: { epoch: EpochId; head: number; acknowledged: number }[] = []) {
    for (const one of epochs) {
      this.#grow(one.epoch, one.head);
      this.noted.set(one.epoch, one.acknowledged);
    }
    this.state = initialSync(this.held());
  }

  held(): HeldHead[] {
    return [...this.device].map(([of, { hashes, floor }]) => {
      return { epoch: of, head: hashes.length, acknowledged: this.noted.get(of) ?? 0, floor };
    });
  }

  chain(of: EpochId): Sha256Hex[] {
    return this.device.get(of)?.hashes ?? [];
  }

  main(of: EpochId): (Sha256Hex | undefined)[] {
    return this.#hubEpoch(of).main;
  }

  #hubEpoch(of: EpochId): HubEpoch {
    const held = this.hub.get(of) ?? { main: [], kept: new Set() };
    this.hub.set(of, held);
    return held;
  }

  #grow(of: EpochId, events: number): void {
    const held = this.device.get(of) ?? { hashes: [], floor: 1, damaged: new Set() };
    this.device.set(of, held);
    for (let n = 0; n < events; n++)
      held.hashes.push(chained(held.hashes.at(-1) ?? hashOf(`${Number(of)}`), `a${held.hashes.length + 1}`));
  }

  append(of: EpochId, events = 1): void {
    this.#grow(of, events);
    this.feed({ type: 'appended', epoch: of, head: this.chain(of).length });
  }

  /** The hub's main line from `after` on is another's: a clone of this device wrote it. */
  clone(of: EpochId, after: number, events: number): void {
    const { main } = this.#hubEpoch(of);
    main.length = Math.min(main.length, after);
    for (let n = 0; n < events; n++)
      main.push(chained(main.at(-1) ?? hashOf(`${Number(of)}`), `b${main.length + 1}`));
  }

  /** The device deletes what was acknowledged, up to `seq`. */
  prune(of: EpochId, seq: number): void {
    const held = this.device.get(of);
    if (held) held.floor = Math.max(held.floor, Math.min(seq, this.noted.get(of) ?? 0) + 1);
  }

  feed(input: SyncInput): void {
    const step = stepSync(this.state, input);
    this.state = step.state;
    for (const effect of step.effects) {
      if (effect.kind === 'send') this.#wire.push(effect);
      if (effect.kind === 'retryIn') {
        this.#retry = true;
        this.retryMs.push(effect.delayMs);
      }
      if (effect.kind === 'verdictBy') this.#overdue = effect.batch;
      if (effect.kind === 'alarm') this.alarms.push(effect.code);
      if (effect.kind === 'hangUp') this.cut();
      if (effect.kind === 'acknowledged') {
        this.noted.set(effect.epoch, Math.max(this.noted.get(effect.epoch) ?? 0, effect.to));
        const main = this.main(effect.epoch);
        const ours = this.chain(effect.epoch);
        // Nothing is acknowledged that the hub does not hold as ours, at the moment of the word.
        if (main[effect.to - 1] !== undefined) expect(main[effect.to - 1]).toBe(ours[effect.to - 1]);
        for (let seq = effect.from + 1; seq <= effect.to; seq++)
          this.acknowledged.add(ours[seq - 1] ?? 'nothing');
      }
    }
  }

  #head(of: EpochId) {
    const { main } = this.#hubEpoch(of);
    const ours = main.length > 0 ? (this.chain(of)[main.length - 1] ?? null) : null;
    return { epoch: of, seq: main.length, hash: main.at(-1) ?? GENESIS, ours, beside: 0 };
  }

  /** Up to where the device's own line lies whole beside the hub's. */
  #beside(of: EpochId): number {
    const { main, kept } = this.#hubEpoch(of);
    const chain = this.chain(of);
    let seq = chain.findIndex((hash, at) => main[at] !== hash);
    if (seq < 0) return 0;
    while (seq < chain.length && kept.has(chain[seq]!)) seq++;
    return seq > 0 && kept.has(chain[seq - 1]!) ? seq : 0;
  }

  connect(eventsMax = BATCH_EVENTS_MAX): void {
    if (this.state.phase === 'stopped') this.feed({ type: 'start' });
    if (this.#retry) {
      this.#retry = false;
      this.feed({ type: 'retry' });
    }
    this.feed({ type: 'challenged', held: this.held() });
    const have = [...this.device.keys()].map((of) => ({
      ...this.#head(of),
      beside: this.namesBranches ? this.#beside(of) : 0,
    }));
    this.feed({ type: 'welcomed', have, eventsMax, bytesMax: 1_048_576 });
  }

  cut(random = 0.5): void {
    this.#wire = [];
    this.feed({ type: 'lost', random });
  }

  /** The hub takes one batch; `lose` the answer, or the batch; or give the answer twice. */
  step(fate: 'ok' | 'cut-before' | 'cut-after' | 'twice' | 'later' | 'silent' = 'ok'): boolean {
    const sending = this.#wire.shift();
    if (!sending) return false;
    if (fate === 'cut-before') {
      this.cut();
      return true;
    }
    const { epoch: of, first, batch, afterFloor } = sending;
    const { floor, damaged } = this.device.get(of)!;
    if (first < floor || damaged.has(first)) {
      this.feed({ type: 'unreadable', batch });
      return true;
    }
    const rest = this.chain(of).slice(first - 1, first - 1 + sending.eventsMax);
    const broken = rest.findIndex((_, index) => damaged.has(first + index));
    const events = broken < 0 ? rest : rest.slice(0, broken);
    this.batches.push(events.length);
    this.feed({ type: 'sent', batch, last: first - 1 + events.length });
    if (events.length > this.cutAfterEvents) {
      this.cut();
      return true;
    }
    const forkedFrom = this.#take(of, first, events, afterFloor);
    if (fate === 'cut-after') {
      this.cut();
    } else if (fate === 'silent') {
      this.feed({ type: 'overdue', batch: this.#overdue });
    } else {
      const later = fate === 'later';
      const answer: SyncInput = { type: 'verdicts', batch, head: this.#head(of), forkedFrom, later };
      this.feed(answer);
      if (fate === 'twice') this.feed(answer);
    }
    return true;
  }

  /** Lowest number that was forked. */
  #take(of: EpochId, first: number, events: readonly Sha256Hex[], afterFloor: boolean): number | null {
    const { main, kept } = this.#hubEpoch(of);
    const prev = first === 1 ? undefined : this.chain(of)[first - 2];
    const onBranch = prev !== undefined && kept.has(prev);
    if (first > main.length + 1 && !onBranch && !afterFloor) return null;
    const overlap = Math.min(main.length - first + 1, events.length);
    const follows =
      overlap > 0 ? main[first + overlap - 2] === events[overlap - 1] : main[first - 2] === prev;
    if ((follows || (afterFloor && first > main.length + 1)) && !onBranch) {
      for (const [index, event] of events.entries()) main[first - 1 + index] = event;
      return null;
    }
    let same = 0;
    while (same < overlap && main[first - 1 + same] === events[same]) same++;
    for (const event of events.slice(same)) kept.add(event);
    return first + same;
  }

  /** Connects and lets everything through. */
  settle(): void {
    for (let i = 0; i < 2_000; i++) {
      if (this.state.phase !== 'ready') this.connect();
      if (!this.step()) return;
    }
    throw new Error('does not settle');
  }

  /** Events the device could still send and the hub does not hold, in its main line or beside it. */
  missing(): string[] {
    return [...this.device].flatMap(([of, { hashes, floor, damaged }]) => {
      const { main, kept } = this.#hubEpoch(of);
      return hashes.filter(
        (hash, at) => at + 1 >= floor && !damaged.has(at + 1) && main[at] !== hash && !kept.has(hash),
      );
    });
  }
}

describe('the sync machine', () => {
  it('brings everything to the hub once, in order, whatever the line does', () => {
    const fates = fc.constantFrom(
      'ok',
      'ok',
      'cut-before',
      'cut-after',
      'twice',
      'later',
      'silent',
    ) as fc.Arbitrary<'ok' | 'cut-after'>;
    const some = fc.nat(2).map(epoch);
    type Act = fc.WeightedArbitrary<(line: Line) => void>;
    const calm: Act[] = [
      { weight: 4, arbitrary: fates.map((fate) => (line: Line) => void line.step(fate)) },
      { weight: 3, arbitrary: fc.constant((line: Line) => line.connect(7)) },
      {
        weight: 3,
        arbitrary: fc.tuple(some, fc.nat(9)).map(
          ([of, n]) =>
            (line: Line) =>
              line.append(of, n + 1),
        ),
      },
      { weight: 1, arbitrary: fc.constant((line: Line) => line.cut()) },
      // The hub is restored from an old backup; no line outlives that.
      {
        weight: 1,
        arbitrary: some.map((of) => (line: Line) => {
          line.cut();
          line.main(of).splice(2);
        }),
      },
    ];
    const history = (acts: Act[]) => fc.array(fc.oneof(...acts), { maxLength: 60, size: 'max' });
    const start = () => new Line([{ epoch: epoch(0), head: 5, acknowledged: 0 }]);
    fc.assert(
      fc.property(history(calm), (acts) => {
        const line = start();
        for (const act of acts) act(line);
        line.cut();
        line.settle();
        for (const [of, { hashes }] of line.device) expect(line.main(of)).toEqual(hashes);
        expect([...line.acknowledged].sort()).toEqual(
          [...line.device.values()].flatMap((one) => one.hashes).sort(),
        );
        expect(unsynced(line.state)).toBe(0);
        expect(line.alarms).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
    const wild: Act[] = [
      ...calm,
      {
        weight: 1,
        arbitrary: fc.tuple(some, fc.nat(12), fc.nat(12)).map(([of, at, n]) => (line: Line) => {
          line.cut();
          line.clone(of, at, n);
        }),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(some, fc.nat(20)).map(
          ([of, n]) =>
            (line: Line) =>
              line.prune(of, n),
        ),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(some, fc.integer({ min: 1, max: 15 })).map(
          ([of, n]) =>
            (line: Line) =>
              void line.device.get(of)?.damaged.add(n),
        ),
      },
    ];
    let alarms = 0;
    fc.assert(
      fc.property(history(wild), fc.boolean(), (acts, namesBranches) => {
        const line = start();
        line.namesBranches = namesBranches;
        for (const act of acts) act(line);
        line.cut();
        line.settle();
        expect(line.missing()).toEqual([]);
        alarms += line.alarms.length;
        expect(line.alarms).not.toContain('stuck');
      }),
      { numRuns: 2_000 },
    );
    expect(alarms).toBeGreaterThan(200);
  });

  it('waits long when another machine took the line, and starts anew once it has had it', () => {
    const line = new Line([{ epoch: epoch(1), head: 3, acknowledged: 0 }]);
    line.connect();
    line.feed({ type: 'taken' });
    line.cut();
    expect(line.retryMs).toEqual([RETRY_MAX_MS]);
    line.settle();
    line.cut();
    expect(line.retryMs).toEqual([RETRY_MAX_MS, 500]);
  });

  it('halves its batches on a line that cuts after N events, and recovers', () => {
    const line = new Line([{ epoch: epoch(1), head: 3_000, acknowledged: 0 }]);
    line.cutAfterEvents = 40;
    line.settle();
    expect(line.main(epoch(1))).toHaveLength(3_000);
    expect(Math.max(...line.batches.slice(5))).toBeLessThanOrEqual(64);
    line.cutAfterEvents = Number.POSITIVE_INFINITY;
    line.append(epoch(1), 3_000);
    line.settle();
    expect(Math.max(...line.batches)).toBe(BATCH_EVENTS_MAX);
  });

  it('halves what was on its way, so that a small backlog does not try ten times', () => {
    const line = new Line([{ epoch: epoch(1), head: 46, acknowledged: 0 }]);
    line.cutAfterEvents = 4;
    line.settle();
    expect(line.main(epoch(1))).toHaveLength(46);
    expect(line.batches.slice(0, 5)).toEqual([46, 23, 11, 5, 2]);
  });

  it('never asks for less than one event or for batches no event fits into', () => {
    const line = new Line([{ epoch: epoch(1), head: 10, acknowledged: 0 }]);
    for (let i = 0; i < 30; i++) {
      line.connect();
      line.step('cut-before');
    }
    expect([line.state.eventsLimit, line.state.bytesLimit]).toEqual([1, BATCH_BYTES_MIN]);
    expect(line.retryMs.at(-1)).toBe(RETRY_MAX_MS);
  });

  it('tries a smaller batch without waiting longer, however long the hub was away before', () => {
    const line = new Line([{ epoch: epoch(1), head: 46, acknowledged: 0 }]);
    line.feed({ type: 'start' });
    for (let i = 0; i < 8; i++) {
      line.cut();
      line.feed({ type: 'retry' });
    }
    const away = line.retryMs.length;
    line.cutAfterEvents = 4;
    line.settle();
    expect(line.main(epoch(1))).toHaveLength(46);
    expect(new Set(line.retryMs.slice(away))).toEqual(new Set([500]));
  });

  it('backs off with jitter up to the limit, and starts anew after a batch was taken', () => {
    const line = new Line([{ epoch: epoch(1), head: 1, acknowledged: 0 }]);
    line.feed({ type: 'start' });
    for (let i = 0; i < 12; i++) {
      line.cut(i % 2 === 0 ? 0 : 1);
      line.feed({ type: 'retry' });
    }
    expect(line.retryMs.slice(0, 4)).toEqual([350, 1_300, 1_400, 5_200]);
    expect(Math.max(...line.retryMs)).toBe(Math.round(RETRY_MAX_MS * 1.3));
    line.cut();
    line.connect();
    line.step();
    line.cut();
    expect(line.retryMs.at(-1)).toBe(500);
  });

  it('finds the last common hash by asking, sends everything after it, and raises the alarm', () => {
    const line = new Line([{ epoch: epoch(1), head: 1_000, acknowledged: 0 }]);
    line.settle();
    line.cut();
    // Restored from a backup at 300, then a clone went on from there.
    line.clone(epoch(1), 300, 900);
    line.batches.length = 0;
    line.settle();
    expect(line.alarms).toEqual(['forked']);
    expect(line.missing()).toEqual([]);
    // Ten questions of one event, then the 700 that differ.
    expect(line.batches.filter((events) => events === 1).length).toBeLessThanOrEqual(12);
    expect(line.batches.reduce((sum, events) => sum + events, 0)).toBeLessThan(720);
    expect(line.state.epochs[0]).toMatchObject({ acknowledged: 300 });
    line.append(epoch(2));
    line.settle();
    expect(line.main(epoch(2))).toHaveLength(1);
  });

  it('does not send a branch again that the hub says it keeps, only what follows', () => {
    const line = new Line([{ epoch: epoch(1), head: 400, acknowledged: 0 }]);
    line.settle();
    line.clone(epoch(1), 300, 50);
    line.cut();
    line.settle();
    line.cut();
    line.batches.length = 0;
    line.settle();
    expect(line.batches).toEqual([]);
    line.append(epoch(1), 3);
    line.settle();
    expect(line.batches).toEqual([3]);
    expect(line.missing()).toEqual([]);
    // Also to a hub that was set back and lacks a part of it.
    line.cut();
    const { kept } = line.hub.get(epoch(1))!;
    for (const hash of line.chain(epoch(1)).slice(350)) kept.delete(hash);
    line.batches.length = 0;
    line.settle();
    expect(line.missing()).toEqual([]);
    expect(line.batches).toEqual([53]);
  });

  it('names a hub that holds more than we do, after it has asked whether it is the same chain', () => {
    const line = new Line([{ epoch: epoch(1), head: 4, acknowledged: 4 }]);
    line.hub.set(epoch(1), { main: [...line.chain(epoch(1)), hashOf('7')], kept: new Set() });
    line.settle();
    expect(line.alarms).toEqual(['hub-ahead']);
    expect(unsynced(line.state)).toBe(0);
    const other = new Line([{ epoch: epoch(1), head: 4, acknowledged: 4 }]);
    other.clone(epoch(1), 0, 9);
    other.settle();
    expect(other.alarms).toEqual(['forked']);
    expect(other.missing()).toEqual([]);
  });

  it('sends what is left behind a floor, and says that a gap is before it', () => {
    const line = new Line([{ epoch: epoch(1), head: 20, acknowledged: 0 }]);
    line.settle();
    line.prune(epoch(1), 12);
    line.cut();
    line.main(epoch(1)).length = 5;
    line.settle();
    expect(line.main(epoch(1)).slice(12)).toEqual(line.chain(epoch(1)).slice(12));
    expect(line.main(epoch(1))[6]).toBeUndefined();
    expect(line.alarms).toEqual([]);
  });

  it('passes over an event that fails its hash, and goes on behind it', () => {
    const line = new Line([
      { epoch: epoch(1), head: 6, acknowledged: 0 },
      { epoch: epoch(2), head: 2, acknowledged: 0 },
    ]);
    line.device.get(epoch(1))?.damaged.add(3).add(4);
    line.settle();
    expect(Array.from(line.main(epoch(1)), (hash) => hash !== undefined)).toEqual([
      true,
      true,
      false,
      false,
      true,
      true,
    ]);
    expect(line.main(epoch(2))).toHaveLength(2);
  });

  it('leaves a stuck hub for this connection, and goes on with the rest', () => {
    const line = new Line([
      { epoch: epoch(1), head: 2, acknowledged: 0 },
      { epoch: epoch(2), head: 2, acknowledged: 0 },
    ]);
    line.connect();
    const none = { epoch: epoch(1), seq: 0, hash: GENESIS, ours: null, beside: 0 };
    for (let i = 0; i < 3; i++) {
      const { batch } = line.state.inFlight!;
      line.feed({ type: 'verdicts', batch, head: none, forkedFrom: null, later: false });
    }
    expect(line.alarms).toEqual(['stuck']);
    expect(line.state.inFlight).toMatchObject({ epoch: epoch(2) });
  });

  it('stops for the rest of the connection at "later"', () => {
    const line = new Line([{ epoch: epoch(1), head: 900, acknowledged: 0 }]);
    line.connect();
    line.step('later');
    expect(line.state.phase).toBe('waiting');
    line.settle();
    expect(line.main(epoch(1))).toHaveLength(900);
  });
});
