/*
 * Purpose: from a transaction to its clip, over ten million segments: window, the counter's cameras, which segments of each, what
 * is missing and why, through the hub's own storage threads. Beside it the bare range of one camera's index, so that what the hub
 * adds can be seen. Transactions lie anywhere in 29 days, so hardly any page was read before.
 */
import Sqlite from 'better-sqlite3';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { openStorage } from '../../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import { createFootageViews } from '../../../hub-server/src/application/footage/footage-views.ts';
import { type Figure, figure, percentile, type Work } from '../figures.ts';
import { type SegmentsFixture, segmentsFixture } from './lookup/segments.ts';

const FULL = { segments: 10_000_000, lookups: 1_000 };
const QUICK = { segments: 40_000, lookups: 50 };
const P95_MAX_MS = 50;

async function timed<T>(act: () => Promise<T> | T): Promise<{ ms: number; value: T }> {
  const started = performance.now();
  const value = await act();
  return { ms: performance.now() - started, value };
}

/** One by one, as a person asks; every clip is looked at, so that none is counted that was not found. */
async function lookUp(fixture: SegmentsFixture, lookups: number): Promise<{ hub: number[]; bare: number[] }> {
  const opened = await openStorage(fixture.dir);
  const db = new Sqlite(databaseFile(fixture.dir), { readonly: true });
  const range = db.prepare(
    'SELECT * FROM segment WHERE camera_id = ? AND arrival_at BETWEEN ? AND ? ORDER BY arrival_at',
  );
  const clock = { now: () => fixture.now };
  const views = createFootageViews({ ...opened.storage, clock: clock as never, root: () => fixture.dir });
  const [hub, bare]: [number[], number[]] = [[], []];
  try {
    for (const [nth, { id, openedAt, endedAt }] of fixture.transactions(lookups * 2).entries()) {
      // By turns, and never the same transaction: neither finds pages that the other has just read.
      if (nth % 2 === 0) {
        const { ms, value } = await timed(async () => {
          const subject = { transactionId: id, interval: null };
          const timeline = await views.timeline(subject);
          return Promise.all((timeline?.cameras ?? []).map((camera) => views.clip(subject, camera.id)));
        });
        const found = value.filter((clip) => (clip?.segments.length ?? 0) > 10);
        if (found.length !== fixture.camerasACounter) throw new Error(`${found.length} clips of ${id}`);
        hub.push(ms);
      } else {
        const { ms, value } = await timed(() =>
          fixture.camerasOf(id).map((camera) => range.all(camera, openedAt - 10_000, endedAt + 10_000)),
        );
        // Of the day that was found again the arrival says nothing: only the hub can find that.
        if (value.every((rows) => rows.length > 0)) bare.push(ms);
      }
    }
  } finally {
    db.close();
    await opened.close();
  }
  return { hub, bare };
}

export const work: Work = {
  async measure({ quick, say }): Promise<readonly Figure[]> {
    const { segments, lookups } = quick ? QUICK : FULL;
    const fixture = await segmentsFixture(segments, say);
    const { hub, bare } = await lookUp(fixture, lookups);
    const about = `${segments.toLocaleString('en')} segments`;
    return [
      figure(
        {
          ...{ work: `footage transaction to clip list, ${about}, p95`, unit: 'ms' },
          beside: 'the bare index range of its cameras',
        },
        { value: percentile(hub, 0.95), besideValue: percentile(bare, 0.95) },
        quick ? null : { of: 'value', is: '<=', limit: P95_MAX_MS },
      ),
    ];
  },
};
