/* Purpose: a witness's hashes against the hub's rows: equal, other, on a branch, missing, or listed as a gap. */
import type { WitnessHead } from '@hailong/shared/protocol/witness.ts';
import { expect, test } from 'vitest';
import { Verdict } from '../../../hub-server/src/domain/verify/finding.ts';
import {
  checkWitnessEpoch,
  type HeldHashes,
  type WitnessTools,
} from '../../../hub-server/src/domain/verify/witness-check.ts';

const hash = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const hex = (n: number): string => Buffer.from(hash(n)).toString('hex');
const head = { device: 'd' } as WitnessHead;
const row = (seq: number, n: number, branch = 0): HeldHashes => ({ seq, branch, hash: hash(n) });

function check(
  rows: readonly HeldHashes[] | null,
  hashes: readonly number[],
  gaps: { from: number; to: number }[] = [],
) {
  const verdict = new Verdict();
  const tools: WitnessTools = {
    ...{
      hashes: () => rows,
      gaps: () => gaps,
      epochs: () => [],
      onLine: () => true,
      progress: () => undefined,
    },
  };
  checkWitnessEpoch(head, { epoch: 'e', first: 1, hashes: hashes.map(hex) } as never, tools, verdict);
  return {
    findings: verdict.findings.map(
      ({ code, place }) => `${code} ${place.seq}${place.to ? `-${place.to}` : ''}`,
    ),
    unproven: verdict.unproven.map(({ code, detail }) => `${code} ${detail}`),
  };
}

test('what the hub holds is compared number by number', () => {
  expect(check([row(1, 1), row(2, 2), row(3, 3)], [1, 2, 3])).toEqual({ findings: [], unproven: [] });
  expect(check([row(1, 1), row(2, 9), row(3, 3)], [1, 2, 3]).findings).toEqual(['witness.differs 2']);
  expect(check([row(1, 1), row(3, 3)], [1, 2, 3]).findings).toEqual(['witness.missing 2']);
  expect(check([row(1, 1)], [1, 2, 3]).findings).toEqual(['witness.missing 2-3']);
  expect(check(null, [1]).findings).toEqual(['witness.missing 1-1']);
  expect(check([row(1, 1), row(2, 2), row(3, 3)], [1]).findings).toEqual([]);
});

test('an event kept on a branch is kept, and said not to count by itself', () => {
  expect(check([row(1, 1), row(2, 8), row(2, 2, 1), row(3, 3)], [1, 2, 3])).toEqual({
    ...{ findings: [], unproven: ['event.aside 1'] },
  });
});

test('a part that is listed as a gap cannot be proven, and is no finding', () => {
  expect(check([row(4, 4)], [1, 2, 3, 4], [{ from: 1, to: 3 }])).toEqual({
    ...{ findings: [], unproven: ['event.floor 3'] },
  });
  expect(check([row(4, 4)], [1, 2, 3, 4], [{ from: 1, to: 2 }]).findings).toEqual(['witness.missing 3']);
  // An epoch may end with one.
  expect(check([row(1, 1)], [1, 2, 3], [{ from: 2, to: 3 }])).toEqual({
    ...{ findings: [], unproven: ['event.floor 2'] },
  });
  expect(check(null, [1, 2], [{ from: 1, to: 1 }]).findings).toEqual(['witness.missing 2-2']);
});
