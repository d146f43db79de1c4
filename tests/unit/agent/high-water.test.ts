/* The high-water file on a real disk: torn and flipped slots, what it says at a start, and when it is written. */
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@hailong/shared/edge/event.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HighWaterFile } from '../../../kiosk-app/agent/adapters/high-water-file.ts';
import { HighWaterKeeper, lossBehind } from '../../../kiosk-app/agent/application/keep-high-water.ts';
import type { Committed, HighWater, HighWaterMark } from '../../../kiosk-app/agent/application/ports.ts';
import { finish, open, start } from '../../support/counter-kit.ts';
import { FakeReport, FakeTime } from './fakes.ts';
import { epochOf, StoredCounter, tempData } from './store-kit.ts';

let data: ReturnType<typeof tempData>;
beforeEach(() => {
  data = tempData();
});
afterEach(() => data.remove());

const path = () => join(data.path, 'high-water');
const markOf = (seq: number): HighWaterMark => ({
  epoch: epochOf(7),
  seq,
  hash: new Uint8Array(32).fill(seq),
});
const put = (file: HighWaterFile, mark: HighWaterMark) =>
  new Promise<boolean>((resolve) => file.write(mark, resolve));
/** Opens, reads and closes. */
function reread() {
  const file = new HighWaterFile(path());
  file.close();
  return file.read();
}

describe('the file', () => {
  it('is of fixed size, private, and holds the last mark', async () => {
    const file = new HighWaterFile(path());
    expect(file.read()).toEqual({ mark: null, state: 'missing' });
    for (const seq of [1, 2, 3]) expect(await put(file, markOf(seq))).toBe(true);
    file.close();
    expect([statSync(path()).size, statSync(path()).mode & 0o077]).toEqual([8_192, 0]);
    expect(reread()).toEqual({ mark: markOf(3), state: 'whole' });
  });

  it('survives a torn write of either slot with the mark before, and goes on', async () => {
    const file = new HighWaterFile(path());
    for (const seq of [1, 2, 3]) await put(file, markOf(seq));
    file.close();
    // Generation 3 lies in the second slot: half of it is as it was, half never came.
    const bytes = readFileSync(path());
    writeFileSync(path(), bytes.fill(0xee, 4_096 + 50, 4_096 + 104));
    expect(reread()).toEqual({ mark: markOf(2), state: 'damaged' });
    const again = new HighWaterFile(path());
    await put(again, markOf(4));
    again.close();
    expect(reread()).toEqual({ mark: markOf(4), state: 'whole' });
  });

  it('believes no slot with any one bit flipped', async () => {
    const file = new HighWaterFile(path());
    await put(file, markOf(1));
    await put(file, markOf(2));
    file.close();
    const whole = readFileSync(path());
    for (let bit = 0; bit < 104 * 8; bit++) {
      const flipped = Buffer.from(whole);
      flipped[bit >> 3] = flipped[bit >> 3]! ^ (1 << (bit & 7));
      writeFileSync(path(), flipped);
      // The first slot holds generation 2.
      expect(reread()).toEqual({ mark: markOf(1), state: 'damaged' });
    }
    truncateSync(path(), 100);
    expect(reread()).toEqual({ mark: null, state: 'damaged' });
  });
});

describe('at a start', () => {
  const served = (run: number) => {
    const counter = new StoredCounter(data.file, run);
    for (const intent of [start(1), open(run), finish(run)])
      counter.feed({ type: 'intent', intent, expiresInMs: 60_000 });
    return counter;
  };

  it('says nothing when the database holds what the file knows', () => {
    const counter = served(1);
    const { epoch, head, hash } = counter.outbox.epochs().at(-1)!;
    const mark = { epoch, seq: head, hash: Buffer.from(hash, 'hex') };
    expect(lossBehind(mark, counter.outbox)).toBeNull();
    expect(lossBehind(null, counter.outbox)).toBeNull();
    counter.db.close();
  });

  it('names what is missing, what is another, and an epoch that is gone', () => {
    const counter = served(1);
    const head = counter.outbox.headOf(counter.epoch)!;
    const hash = new Uint8Array(32).fill(1);
    const said = { type: 'loss.detected', epoch: counter.epoch, hash: toHex(hash) };
    expect(lossBehind({ epoch: counter.epoch, seq: head.seq + 4, hash }, counter.outbox)).toEqual({
      ...said,
      seq: head.seq + 4,
      held: head,
    });
    const second = counter.outbox.hashAt(counter.epoch, 2);
    expect(lossBehind({ epoch: counter.epoch, seq: 2, hash }, counter.outbox)).toEqual({
      ...said,
      seq: 2,
      held: { seq: 2, hash: second },
    });
    expect(lossBehind({ epoch: epochOf(9), seq: 1, hash }, counter.outbox)).toMatchObject({ held: null });
    counter.db.close();
  });
});

describe('keeping it', () => {
  class SlowFile implements HighWater {
    readonly marks: HighWaterMark[] = [];
    #done: ((ok: boolean) => void) | null = null;
    read = () => ({ mark: null, state: 'missing' }) as const;
    write(mark: HighWaterMark, done: (ok: boolean) => void): void {
      expect(this.#done).toBeNull();
      this.marks.push(mark);
      this.#done = done;
    }
    finish(ok = true): void {
      const done = this.#done;
      this.#done = null;
      done?.(ok);
    }
  }
  function keeping() {
    const time = new FakeTime();
    const file = new SlowFile();
    const report = new FakeReport();
    const keeper = new HighWaterKeeper({ file, clock: time, timers: time, report });
    let seq = 0;
    const commit = (events: number) => {
      const appended = Array.from({ length: events }, () => ({ ...markOf(++seq), event: {} as never }));
      keeper.committed({ appended } as unknown as Committed);
    };
    return { time, file, report, keeper, commit };
  }

  it('writes at most 1 s or 16 events later, never two at once', async () => {
    const at = keeping();
    at.commit(3);
    await at.time.pass(999);
    expect(at.file.marks).toEqual([]);
    await at.time.pass(1);
    expect(at.file.marks.map(({ seq }) => seq)).toEqual([3]);
    at.commit(16);
    at.commit(1);
    expect(at.file.marks).toHaveLength(1);
    at.file.finish();
    expect(at.file.marks.map(({ seq }) => seq)).toEqual([3, 20]);
  });

  it('lets an upload wait until the file knows of its events, and older epochs until it knows of this one', () => {
    const at = keeping();
    at.commit(5);
    const sent: string[] = [];
    at.keeper.before(epochOf(7), 5, () => sent.push('this'));
    at.keeper.before(epochOf(3), 900, () => sent.push('older'));
    expect(sent).toEqual([]);
    at.file.finish();
    expect(sent).toEqual(['this', 'older']);
    at.commit(1);
    at.keeper.before(epochOf(7), 5, () => sent.push('again'));
    at.keeper.before(epochOf(7), 6, () => sent.push('newer'));
    expect(sent).toEqual(['this', 'older', 'again']);
    at.file.finish();
    expect(sent.at(-1)).toBe('newer');
  });

  it('reports a file that cannot be written, once, and holds nothing up', () => {
    const at = keeping();
    at.commit(1);
    const sent: string[] = [];
    at.keeper.before(epochOf(7), 1, () => sent.push('a'));
    at.file.finish(false);
    at.keeper.before(epochOf(7), 1, () => sent.push('b'));
    at.file.finish(false);
    expect(sent).toEqual(['a', 'b']);
    expect(at.report.lines.map((line) => line['code'])).toEqual(['kiosk.high_water_unwritable']);
  });
});
