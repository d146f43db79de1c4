/* Purpose: a vote by phone is late only where somebody's clock proves it. */
import { PRIVATE_VALID_MS } from '@hailong/shared/protocol/private.ts';
import { expect, test } from 'vitest';
import { voteInTime } from '../../../hub-server/src/domain/ratings/private-vote.ts';

const at = 1_800_000_000_000;
const late = at - PRIVATE_VALID_MS - 1;

test('a ticket says itself until when it is good', () => {
  expect(voteInTime({ at, until: at, opened: null })).toBe(true);
  expect(voteInTime({ at, until: at - 1, opened: null })).toBe(false);
});

test('an anchored opening ends the time, less what its bound leaves open', () => {
  expect(voteInTime({ at, until: null, opened: { at: late + 1, bound: 0 } })).toBe(true);
  expect(voteInTime({ at, until: null, opened: { at: late, bound: 0 } })).toBe(false);
  expect(voteInTime({ at, until: null, opened: { at: late, bound: 1 } })).toBe(true);
});

test('a kiosk whose clock is off by weeks makes no vote late', () => {
  expect(voteInTime({ at, until: null, opened: { at: late - 25 * 86_400_000, bound: null } })).toBe(true);
  expect(voteInTime({ at, until: null, opened: null })).toBe(true);
});
