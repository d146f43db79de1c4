/*
 * The sync machine against a model hub in memory on a line that cuts, swallows answers and repeats them; plus the rules
 * one by one. The hub here extends heads only, as a real one does.
 */
import {
  BATCH_BYTES_MIN,
  initialSync,
  RETRY_MAX_MS,
  type SyncEffect,
  type SyncInput,
  type SyncState,
  stepSync,
  unsynced,
} from '@hailong/shared/edge/sync-machine.ts';
import type { EpochId, Sha256Hex } from '@hailong/shared/ids.ts';
import { BATCH_EVENTS_MAX } from '@hailong/shared/protocol/edge.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const epoch = (n: number) => String(n).padStart(32, '0') as EpochId;
/** The hash of an event, and of nothing. */
const hashOf = (text: string) => text.padStart(64, '0') as Sha256Hex;
const GENESIS = hashOf('9');

/** The device's chain per epoch and the hub's, as texts; an event's "hash" is its text. */
class Line {
  readonly device = new Map<EpochId, string[]>();
  readonly hub = new Map<EpochId, string[]>();
  readonly acknowledged = new Set<string>();
  readonly alarms: string[] = [];
  readonly batches: number[] = [];
  state: SyncState;
  cutAfterEvents = Number.POSITIVE_INFINITY;
  retryMs: number[] = [];
  #wire: Extract<SyncEffect, { kind: 'send' }>[] = [];
  #retry = false;
  #overdue = 0;

  constructor(epochs: { epoch: EpochId; head: number; acknowledged: number }[] = []) {
    for (const one of epochs) this.#fill(one.epoch, one.head);
    this.state = initialSync(epochs);
  }

  #fill(of: EpochId, head: number): void {
    this.device.set(
      of,
      Array.from({ length: head }, (_, index) => `${Number(of)}${index + 1}`),
    );
  }

  append(of: EpochId, events = 1): void {
    this.#fill(of, (this.device.get(of)?.length ?? 0) + events);
    this.feed({ type: 'appended', epoch: of, head: this.device.get(of)?.length ?? 0 });
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
      if (effect.kind === 'acknowledged')
        for (let seq = effect.from + 1; seq <= effect.to; seq++)
          this.acknowledged.add(this.device.get(effect.epoch)?.[seq - 1] ?? 'nothing');
    }
  }

  #head(of: EpochId) {
    const held = this.hub.get(of) ?? [];
    const ours = this.device.get(of)?.[held.length - 1];
    const last = held.at(-1);
    return {
      epoch: of,
      seq: held.length,
      hash: last ? hashOf(last) : GENESIS,
      ours: held.length > 0 && ours ? hashOf(ours) : null,
    };
  }

  connect(eventsMax = BATCH_EVENTS_MAX): void {
    if (this.state.phase === 'stopped') this.feed({ type: 'start' });
    if (this.#retry) {
      this.#retry = false;
      this.feed({ type: 'retry' });
    }
    this.feed({ type: 'challenged' });
    const have = [...this.device.keys()].map((of) => this.#head(of));
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
    const held = this.hub.get(sending.epoch) ?? [];
    const chain = this.device.get(sending.epoch) ?? [];
    const events = chain.slice(sending.first - 1, sending.first - 1 + sending.eventsMax);
    this.batches.push(events.length);
    this.feed({ type: 'sent', batch: sending.batch, last: sending.first - 1 + events.length });
    if (events.length > this.cutAfterEvents) {
      this.cut();
      return true;
    }
    const common = held[sending.first - 2] === (sending.first === 1 ? undefined : chain[sending.first - 2]);
    if (common && sending.first - 1 <= held.length)
      for (const [index, event] of events.entries())
        if (sending.first + index === held.length + 1) held.push(event);
    this.hub.set(sending.epoch, held);
    if (fate === 'cut-after') {
      this.cut();
    } else if (fate === 'silent') {
      this.feed({ type: 'overdue', batch: this.#overdue });
    } else {
      const answer: SyncInput = {
        type: 'verdicts',
        batch: sending.batch,
        head: this.#head(sending.epoch),
        later: fate === 'later',
      };
      this.feed(answer);
      if (fate === 'twice') this.feed(answer);
    }
    return true;
  }

  /** Connects and lets everything through. */
  settle(): void {
    for (let i = 0; i < 2_000; i++) {
      if (this.state.phase !== 'ready') this.connect();
      if (!this.step()) return;
    }
    throw new Error('does not settle');
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
    const acts = fc.oneof(
      { weight: 4, arbitrary: fates.map((fate) => (line: Line) => void line.step(fate)) },
      { weight: 3, arbitrary: fc.constant((line: Line) => line.connect(7)) },
      {
        weight: 3,
        arbitrary: fc.tuple(fc.nat(2), fc.nat(9)).map(
          ([of, n]) =>
            (line: Line) =>
              line.append(epoch(of), n + 1),
        ),
      },
      { weight: 1, arbitrary: fc.constant((line: Line) => line.cut()) },
      // The hub is restored from an old backup.
      {
        weight: 1,
        arbitrary: fc.nat(2).map((of) => (line: Line) => void line.hub.get(epoch(of))?.splice(2)),
      },
    );
    fc.assert(
      fc.property(fc.array(acts, { maxLength: 60, size: 'max' }), (history) => {
        const line = new Line([{ epoch: epoch(0), head: 5, acknowledged: 0 }]);
        for (const act of history) act(line);
        line.cut();
        line.settle();
        for (const [of, events] of line.device) expect(line.hub.get(of)).toEqual(events);
        expect([...line.acknowledged].sort()).toEqual([...line.device.values()].flat().sort());
        expect(unsynced(line.state)).toBe(0);
        expect(line.alarms).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('halves its batches on a line that cuts after N events, and recovers', () => {
    const line = new Line([{ epoch: epoch(1), head: 3_000, acknowledged: 0 }]);
    line.cutAfterEvents = 40;
    line.settle();
    expect(line.hub.get(epoch(1))).toHaveLength(3_000);
    expect(Math.max(...line.batches.slice(5))).toBeLessThanOrEqual(64);
    line.cutAfterEvents = Number.POSITIVE_INFINITY;
    line.append(epoch(1), 3_000);
    line.settle();
    expect(Math.max(...line.batches)).toBe(BATCH_EVENTS_MAX);
  });

  it('never asks for less than one event or for batches no event fits into', () => {
    const line = new Line([{ epoch: epoch(1), head: 10, acknowledged: 0 }]);
    for (let i = 0; i < 30; i++) {
      line.connect();
      line.step('cut-before');
    }
    expect([line.state.eventsLimit, line.state.bytesLimit]).toEqual([1, BATCH_BYTES_MIN]);
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

  it('sends again after the last common hash when the hub holds other bytes, and raises the alarm', () => {
    const line = new Line([{ epoch: epoch(1), head: 6, acknowledged: 2 }]);
    line.hub.set(epoch(1), ['11', '12', '99', '98']);
    line.connect();
    expect(line.alarms).toEqual(['forked']);
    expect(line.state.inFlight).toMatchObject({ first: 3 });
    line.step();
    expect(line.step()).toBe(false);
    line.append(epoch(2));
    line.step();
    expect(line.hub.get(epoch(2))).toHaveLength(1);
  });

  it('names a hub that holds more than we do', () => {
    const line = new Line([{ epoch: epoch(1), head: 2, acknowledged: 2 }]);
    line.hub.set(epoch(1), ['11', '12', '13']);
    line.connect();
    expect(line.alarms).toEqual(['hub-ahead']);
    expect(line.step()).toBe(false);
  });

  it('leaves an unreadable epoch and a stuck hub for this connection, and goes on with the rest', () => {
    const line = new Line([
      { epoch: epoch(1), head: 2, acknowledged: 0 },
      { epoch: epoch(2), head: 2, acknowledged: 0 },
    ]);
    line.connect();
    line.feed({ type: 'unreadable', batch: line.state.inFlight!.batch });
    expect(line.state.inFlight).toMatchObject({ epoch: epoch(2) });
    const none = { epoch: epoch(2), seq: 0, hash: GENESIS, ours: null };
    for (let i = 0; i < 3; i++)
      line.feed({ type: 'verdicts', batch: line.state.inFlight!.batch, head: none, later: false });
    expect(line.alarms).toEqual(['stuck']);
    expect(line.state.inFlight).toBeNull();
  });

  it('stops for the rest of the connection at "later"', () => {
    const line = new Line([{ epoch: epoch(1), head: 900, acknowledged: 0 }]);
    line.connect();
    line.step('later');
    expect(line.state.phase).toBe('waiting');
    line.settle();
    expect(line.hub.get(epoch(1))).toHaveLength(900);
  });
});
