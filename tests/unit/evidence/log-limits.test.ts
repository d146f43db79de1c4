/* Which words a package must have about the times at which the log heard of its footage. */
import { LOGGED_WITHIN_MS, logLimits } from '@hailong/shared/evidence/log-limits.ts';
import { expect, test } from 'vitest';

const NOW = Date.UTC(2026, 10, 26, 7, 0, 0);
const RUN = '0197c000-0000-7000-8000-00000000000b';
const HOUR = 3_600_000;
const idAt = (at: number): string => {
  const hex = at.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000001`;
};
const rowOf = (seq: number, at: number) => ({
  ...{ seq, index: seq, text: JSON.stringify({ seq, at }), proof: [] },
});

interface Version {
  /** Absent: as it stands in the list. */
  readonly version?: number;
  readonly offsetMs: number;
  readonly row: number;
  readonly method?: string;
}
/** One segment that ended at NOW, its log rows by when they were written, and the versions of its clock; the last is used. */
function limits(about: {
  readonly rows: readonly number[];
  readonly loggedIn: number | null;
  readonly clock?: readonly Version[];
  readonly mintedAt?: number;
  readonly writtenAt?: number;
}): string[] {
  const segment = idAt(about.mintedAt ?? NOW + 40);
  const clock = about.clock ?? [{ offsetMs: NOW - 4_000, row: 1 }];
  const versions = clock.map(({ offsetMs, row, method = 'min-arrival', version: given }, index) => {
    const version = given ?? index + 1;
    const leaf = { run: RUN, version, method, offsetMs, latencyMs: 0, boundMs: 300 };
    return { run: RUN, version, camera: RUN, row, index: 0, count: 1, text: JSON.stringify(leaf) };
  });
  const used = versions.at(-1);
  return [
    ...logLimits(
      {
        segments: [{ segment, run: RUN, mediaStartMs: 0, mediaEndMs: 4_000, wallTo: NOW }] as never,
        mappings: used ? [{ ...JSON.parse(used.text), camera: RUN }] : [],
      },
      {
        rows: about.rows.map((at, seq) => rowOf(seq, at)),
        segments:
          about.loggedIn === null
            ? []
            : [{ segment, camera: RUN, row: about.loggedIn, index: 0, count: 1, text: '', proof: [] }],
        mappings: versions.map((each) => ({ ...each, proof: [] })),
        trees: [],
        deletions: [],
      } as never,
      [],
      about.writtenAt ?? Math.max(...about.rows),
    ),
  ];
}

test('nothing needs to be said of footage and clock that the log had within a minute', () =>
  expect(limits({ rows: [NOW - HOUR, NOW + 60_000], loggedIn: 1 })).toEqual([]));

test('late, not yet, of an older log, and left out are told apart', () => {
  const late = NOW + LOGGED_WITHIN_MS + 1;
  expect(limits({ rows: [NOW - HOUR, NOW + 60_000, late], loggedIn: 2 })).toEqual(['segment-late']);
  expect(limits({ rows: [NOW - HOUR, NOW + 60_000], loggedIn: null })).toEqual(['segment-unlogged']);
  expect(limits({ rows: [NOW - HOUR, NOW + 60_000, late], loggedIn: null })).toEqual(['segment-late']);
  // The first row of the present log is later than the footage: what it says of that lies in the log before.
  expect(limits({ rows: [NOW + 1, NOW + 60_000, late], loggedIn: null })).toEqual(['segment-older-log']);
});

test('a row that came after a later one was not written before it, whatever time it names', () => {
  const weeks = NOW + 500 * HOUR;
  expect(limits({ rows: [NOW - HOUR, NOW + 60_000, weeks, NOW + 60_000], loggedIn: 3 })).toEqual([
    'segment-late',
  ]);
  expect(limits({ rows: [NOW - HOUR, NOW + 60_000, weeks], loggedIn: 1 })).toEqual([]);
});

test('a package of weeks later is no younger for the rows that were left out of it', () => {
  const about = { rows: [NOW - HOUR, NOW + 60_000], loggedIn: null };
  expect(limits({ ...about, writtenAt: NOW + LOGGED_WITHIN_MS })).toEqual(['segment-unlogged']);
  expect(limits({ ...about, writtenAt: NOW + 500 * HOUR })).toEqual(['segment-late']);
});

test('a stranger’s hundred thousand segments and versions of one clock are judged while one waits', () => {
  const COUNT = 100_000;
  const numbers = Array.from({ length: COUNT }, (_, index) => index);
  const text = JSON.stringify({ method: 'min-arrival', offsetMs: NOW - 4_000, boundMs: 300 });
  const codes = logLimits(
    {
      segments: numbers.map((n) => ({ segment: idAt(NOW + n), run: RUN, wallTo: NOW + n })) as never,
      mappings: [{ run: RUN, version: 2 ** 50, offsetMs: NOW - 4_000, boundMs: 300 }] as never,
    },
    {
      rows: [rowOf(0, NOW)],
      segments: [],
      mappings: numbers.map((version) => ({ run: RUN, version: version + 1, row: 0, text })),
      ...{ trees: [], deletions: [], consistency: [] },
    } as never,
    [],
    NOW,
  );
  expect([...codes].sort()).toEqual(['mapping-partial', 'mapping-unlogged', 'segment-unlogged']);
});

test('a clock that says another time than the log had then, however it came to be newer, is said', () => {
  const rows = [NOW - HOUR, NOW + 60_000, NOW + HOUR];
  const was = { offsetMs: NOW - 4_000, row: 1 };
  const placed = (by: number, row: number) =>
    limits({ rows, loggedIn: 1, clock: [was, { offsetMs: was.offsetMs + by, row }] });
  expect(placed(250, 2)).toEqual([]);
  expect(placed(400, 2)).toEqual(['time-moved']);
  expect(placed(400, 1)).toEqual(['time-moved']);
  // Nothing was known then but a clock that was not sure.
  expect(
    limits({
      rows,
      loggedIn: 1,
      clock: [
        { ...was, method: 'unplaced' },
        { ...was, row: 2 },
      ],
    }),
  ).toEqual(['time-moved']);
  expect(limits({ rows, loggedIn: 1, clock: [] })).toEqual(['time-unmapped']);
});

test('versions of a clock that are left out are said, and one that moved the footage meanwhile though it was moved back', () => {
  const rows = [NOW - HOUR, NOW + 60_000, NOW + HOUR, NOW + 2 * HOUR];
  const offsetMs = NOW - 4_000;
  const of = (...clock: readonly (readonly [version: number, row: number, by: number])[]) =>
    limits({
      ...{ rows, loggedIn: 1 },
      clock: clock.map(([version, row, by]) => ({ version, row, offsetMs: offsetMs + by })),
    });
  expect(of([1, 1, 0], [2, 2, 0], [3, 3, 0])).toEqual([]);
  expect(of([1, 1, 0], [2, 2, 3_000], [3, 3, 0])).toEqual(['time-moved']);
  expect(of([1, 1, 0], [3, 3, 0])).toEqual(['mapping-partial']);
  // From the one that held then: it was under a root before the picture was filmed.
  expect(of([7, 0, 0], [8, 2, 0])).toEqual([]);
  expect(of([7, 1, 0], [8, 2, 0])).toEqual(['mapping-partial']);
  expect(of([7, 0, 0], [9, 2, 0])).toEqual(['mapping-partial']);
});

test('a clock of long before holds for what came after, where none came since', () => {
  const rows = [NOW - HOUR, NOW + 60_000];
  expect(limits({ rows, loggedIn: 1, clock: [{ offsetMs: NOW - 4_000, row: 0 }] })).toEqual([]);
  expect(limits({ rows, loggedIn: 1, clock: [{ offsetMs: NOW - 4_000, row: 7 }] })).toEqual([
    ...['mapping-unlogged', 'time-moved'],
  ]);
});

test('an id that was minted at another time than the picture is shown at is said', () => {
  const about = { rows: [NOW - HOUR, NOW + 60_000], loggedIn: 1 };
  expect(limits({ ...about, mintedAt: NOW + 60_000 })).toEqual(['time-moved']);
  expect(limits({ ...about, mintedAt: NOW + 8_000 })).toEqual([]);
});
