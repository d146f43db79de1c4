/* A disk that refuses rows: what was filmed and missed is kept and told in order once it takes them, and space laid by helps. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { UtcMs } from '@hailong/shared/time.ts';
import { expect, it } from 'vitest';
import { withReserve } from '../../../hub-server/src/recorder/adapters/index-reserve.ts';
import { FootageLedger } from '../../../hub-server/src/recorder/application/footage-ledger.ts';
import { cameraA, openParts, T0 } from './parts.ts';

const full = () => Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
const RUN = '0197b000-0000-7000-8000-0000000000aa';

it('keeps what the disk refused, and stores it before anything newer', async () => {
  await using parts = await openParts();
  let refuses = false;
  const index: typeof parts.index = {
    ...parts.index,
    record(facts) {
      if (refuses) throw full();
      parts.index.record(facts);
    },
  };
  const ledger = new FootageLedger({ ...parts, index });
  const segment = (number: number, run = RUN) =>
    ledger.segment(
      {
        ...{ camera: cameraA, run, file: `${cameraA}/${run}/${number}.mp4`, bytes: 1, codec: 'h264' },
        ...{ mediaStartMs: number * 4_000, mediaEndMs: (number + 1) * 4_000, flags: [] },
        ...{ arrivalAt: (T0 + number) as UtcMs, arrivalMonoMs: parts.time.monotonic() },
        sha256: '0'.repeat(64) as never,
      },
      { method: 'min-arrival', offsetMs: T0, latencyMs: 0, boundMs: 300 },
    );
  segment(0);
  refuses = true;
  expect(() => segment(1)).toThrow('full');
  expect(() => ledger.interrupted(cameraA, 'disk-full', T0 + 9_000)).toThrow('full');
  // The same gap goes on; what waits is tried again and not doubled.
  expect(() => ledger.interrupted(cameraA, 'disk-full', T0 + 10_000)).toThrow('full');
  refuses = false;
  segment(5);
  expect(parts.facts('segment.closed').map(({ segment: { file } }) => file)).toEqual(
    [0, 1, 5].map((number) => `${cameraA}/${RUN}/${number}.mp4`),
  );
  const gaps = new Map(parts.facts('gap.recorded').map(({ gap }) => [gap.id, gap]));
  expect([...gaps.values()]).toMatchObject([{ from: T0 + 8_000, to: T0 + 20_000, reason: 'disk-full' }]);
  expect(parts.facts('run.mapped')).toHaveLength(1);
});

it('gives up what it laid by when the disk is full, and lays it by again later', async () => {
  await using parts = await openParts();
  let refusals = 0;
  const inner = {
    record(_facts: readonly unknown[]) {
      if (refusals > 0) {
        refusals -= 1;
        throw full();
      }
    },
  };
  const index = withReserve(inner, parts.temp.path, parts.time);
  const reserve = join(parts.temp.path, 'reserve');
  expect(statSync(reserve).blocks * 512).toBeGreaterThanOrEqual(4_194_304);
  refusals = 1;
  index.record([]);
  expect(existsSync(reserve)).toBe(false);
  refusals = 1;
  expect(() => index.record([])).toThrow('full');
  await parts.time.pass(60_000);
  index.record([]);
  expect(existsSync(reserve)).toBe(true);
});
