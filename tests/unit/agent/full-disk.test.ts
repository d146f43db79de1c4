/* Ballast and budget on real files. The disk that is really full is in the fault runs; here SQLite's page limit is it. */
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BALLAST_STEP_BYTES, BallastFile } from '../../../kiosk-app/agent/adapters/ballast-file.ts';
import { reusableBytes } from '../../../kiosk-app/agent/adapters/sqlite/open-database.ts';
import { storageGauge } from '../../../kiosk-app/agent/adapters/storage-gauge.ts';
import type { Ballast } from '../../../kiosk-app/agent/application/ports.ts';
import { spendingBallast } from '../../../kiosk-app/agent/application/spend-ballast.ts';
import { StorageWatch } from '../../../kiosk-app/agent/application/watch-storage.ts';
import { poll } from '../../support/poll.ts';
import { FakeReport, FakeTime } from './fakes.ts';
import { StoredCounter, tempData } from './store-kit.ts';

let data: ReturnType<typeof tempData>;
beforeEach(() => {
  data = tempData();
});
afterEach(() => data.remove());

const STEP = BALLAST_STEP_BYTES;
const ballastPath = () => join(data.path, 'ballast');
const whole = (ballast: BallastFile) =>
  poll(() => ballast.bytes === ballast.wantedBytes, { what: 'the ballast', everyMs: 5 });

describe('the ballast file', () => {
  it('is really allocated, given back by steps, and grows again', async () => {
    const ballast = new BallastFile(ballastPath(), 3 * STEP, () => 100 * STEP);
    ballast.grow();
    await whole(ballast);
    const { blocks, mode } = statSync(ballastPath());
    expect(blocks * 512).toBeGreaterThanOrEqual(3 * STEP);
    expect(mode & 0o077).toBe(0);
    expect([ballast.release(), ballast.bytes, statSync(ballastPath()).size]).toEqual([
      true,
      2 * STEP,
      2 * STEP,
    ]);
    expect([ballast.release(), ballast.release(), ballast.release()]).toEqual([true, true, false]);
    ballast.grow();
    await whole(ballast);
    ballast.close();
  });

  it('takes nothing while less than four steps are free, and counts no holes', async () => {
    let free = 4 * STEP - 1;
    writeFileSync(ballastPath(), '');
    truncateSync(ballastPath(), 3 * STEP);
    const ballast = new BallastFile(ballastPath(), 3 * STEP, () => free);
    expect(ballast.bytes).toBe(0);
    ballast.grow();
    expect(statSync(ballastPath()).size).toBe(0);
    free = 4 * STEP;
    ballast.grow();
    await whole(ballast);
    ballast.close();
  });

  it('keeps what is released while it grows', async () => {
    const ballast = new BallastFile(ballastPath(), 8 * STEP, () => 100 * STEP);
    ballast.grow();
    await poll(() => ballast.bytes > 0, { what: 'a step', everyMs: 1 });
    const before = ballast.bytes;
    ballast.release();
    ballast.close();
    await poll(() => statSync(ballastPath()).size === before - STEP, { what: 'the file', everyMs: 5 });
  });
});

/** A ballast whose every step is 12 pages of the database. */
function pagesBallast(counter: StoredCounter, steps: number): Ballast & { released: number } {
  counter.db.pragma('wal_checkpoint(TRUNCATE)');
  let limit = counter.db.pragma('page_count', { simple: true }) as number;
  counter.db.pragma(`max_page_count = ${limit}`);
  return {
    released: 0,
    wantedBytes: steps,
    get bytes() {
      return steps - this.released;
    },
    release() {
      if (this.released === steps) return false;
      this.released += 1;
      limit += 12;
      counter.db.pragma(`max_page_count = ${limit}`);
      return true;
    },
    grow: () => undefined,
  };
}

describe('a store with ballast', () => {
  it('goes on through a full disk, then refuses honestly, then goes on by itself', () => {
    const counter = new StoredCounter(data.file);
    const ballast = pagesBallast(counter, 4);
    const report = new FakeReport();
    let free = 0;
    const clock = new FakeTime();
    const store = spendingBallast(counter.store, { ballast, freeBytes: () => free, clock, report });
    const stray = (seq: number) =>
      store.commit(counter.stamp(), ({ state }) => ({
        state,
        events: [{ type: 'intent.refused', intent: crypto.randomUUID() as never, code: `${seq}` }],
        marks: [],
        effects: [],
      }));
    let stored = 0;
    expect(() => {
      for (;;) {
        stray(stored + 1);
        stored += 1;
      }
    }).toThrow('kiosk.cannot_store: SQLITE_FULL');
    expect(ballast.released).toBe(4);
    expect(stored).toBeGreaterThan(200);
    expect(counter.types().filter((type) => type === 'intent.refused')).toHaveLength(stored);
    expect(report.lines.map((line) => line['code'])).toEqual(['kiosk.ballast_used']);
    counter.db.pragma('max_page_count = 1000000');
    // A little room would only hold the next commit or two.
    expect(store.probe(counter.stamp())).toBe(false);
    free = 1_048_576;
    expect(store.probe(counter.stamp())).toBe(true);
    expect(stray(0).appended).toHaveLength(1);
    counter.db.close();
  });

  it('is not spent for errors that more room does not mend', () => {
    const counter = new StoredCounter(data.file);
    const ballast = pagesBallast(counter, 4);
    const broken = new Error('a bug');
    const store = spendingBallast(counter.store, {
      ...{ ballast, freeBytes: () => 0, clock: new FakeTime(), report: new FakeReport() },
    });
    expect(() =>
      store.commit(counter.stamp(), () => {
        throw broken;
      }),
    ).toThrow(broken);
    expect(ballast.released).toBe(0);
    counter.db.close();
  });
});

describe('the byte budget', () => {
  it('warns at 70 and 90 %, once, again only after it fell, and counts what is there', async () => {
    const time = new FakeTime();
    const report = new FakeReport();
    let usedBytes = 69;
    let grown = 0;
    const ballast = { bytes: 3, wantedBytes: 3, release: () => false, grow: () => void grown++ };
    const gauge = { usedBytes: () => usedBytes, freeBytes: () => null };
    const watch = new StorageWatch({ gauge, ballast, budgetBytes: 100, clock: time, timers: time, report });
    const codes = () => report.lines.splice(0).map((line) => line['code']);
    watch.start();
    expect(watch.status()).toEqual({ usedBytes: 69, budgetBytes: 100, ballastBytes: 3 });
    const said: unknown[][] = [codes()];
    for (const used of [70, 71, 90, 120, 88, 91, 84, 90, 64, 95]) {
      usedBytes = used;
      await time.pass(30_000);
      said.push(codes());
    }
    const [seventy, ninety] = ['kiosk.storage_filling', 'kiosk.storage_nearly_full'];
    expect(said).toEqual([[], [seventy], [], [ninety], [], [], [], [], [ninety], [], [ninety]]);
    expect(grown).toBe(11);
    watch.stop();
  });

  it('counts files, not what is free inside the database', () => {
    const counter = new StoredCounter(data.file);
    const gauge = storageGauge(data.path, () => reusableBytes(counter.db));
    const before = gauge.usedBytes();
    writeFileSync(join(data.path, 'photo'), Buffer.alloc(10_000));
    expect(gauge.usedBytes()).toBe(before + 10_000);
    expect(gauge.freeBytes()).toBeGreaterThan(0);
    counter.db.exec('CREATE TABLE big (x); INSERT INTO big VALUES (zeroblob(200000)); DROP TABLE big');
    expect(reusableBytes(counter.db)).toBeGreaterThan(200_000);
    counter.db.close();
  });
});
