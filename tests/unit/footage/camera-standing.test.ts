/* When a camera counts as onboarded, when its clock is off, and how latency is measured and dated. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alarmsOf,
  clockIsOff,
  latencyAt,
  measureLatency,
  STILL_DUE_MS,
  STILL_GRACE_MS,
  stateOf,
} from '../../../hub-server/src/domain/footage/camera-standing.ts';

const NOW = 1_700_000_000_000;
const care = (over: object = {}) => ({
  check: { ok: true },
  approvedAt: NOW,
  clockOffsetMs: 0,
  unapprovedSince: null,
  basicRefusedAt: null,
  ...over,
});

describe('a camera is onboarded', () => {
  it.each([
    [{ check: null, approvedAt: null }, 'unchecked'],
    [{ check: { ok: false } }, 'faulty'],
    [{ approvedAt: null }, 'no-still'],
    [{}, 'onboarded'],
    [{ approvedAt: NOW - STILL_DUE_MS }, 'due'],
    [{ approvedAt: NOW - STILL_DUE_MS - STILL_GRACE_MS }, 'overdue'],
    [{ approvedAt: NOW - STILL_DUE_MS - STILL_GRACE_MS, check: null }, 'overdue'],
  ])('%j → %s', (over, state) => expect(stateOf(care(over), NOW)).toBe(state));

  it('never without a person’s word on a still frame', () =>
    fc.assert(
      fc.property(fc.option(fc.boolean(), { nil: null }), fc.nat(), (ok, later) => {
        const state = stateOf(care({ check: ok === null ? null : { ok }, approvedAt: null }), NOW + later);
        return state !== 'onboarded' && state !== 'due';
      }),
    ));
});

it('alarms only when the whole told second lies beyond two seconds', () => {
  expect([0, 2_000, -3_000, 1_999].map(clockIsOff)).toEqual([false, false, false, false]);
  expect([2_001, -3_001, 3_723_000].map(clockIsOff)).toEqual([true, true, true]);
  const old = NOW - STILL_DUE_MS - STILL_GRACE_MS;
  expect(alarmsOf(care({ clockOffsetMs: -9_000, approvedAt: old }), NOW)).toEqual([
    'camera.still_overdue',
    'camera.clock_off',
  ]);
  expect(alarmsOf(care({ clockOffsetMs: null }), NOW)).toEqual([]);
});

it('alarms 14 days after it was seen to record without an approved picture, however often it was checked', () => {
  const after = (ms: number, over: object = {}) =>
    alarmsOf(care({ approvedAt: null, unapprovedSince: NOW, ...over }), NOW + ms);
  expect(after(STILL_GRACE_MS - 1)).toEqual([]);
  expect(after(STILL_GRACE_MS)).toEqual(['camera.still_overdue']);
  expect(after(STILL_GRACE_MS, { check: null })).toEqual(['camera.still_overdue']);
  expect(after(STILL_GRACE_MS, { approvedAt: NOW })).toEqual([]);
});

describe('latency', () => {
  const of = (over: object) =>
    measureLatency({ frameAt: NOW, boundMs: 300, shownAt: NOW - 640, errorMs: 60, ...over });
  it('is what the picture stands behind, and its reading error on top', () => {
    expect(of({})).toEqual({ measuredMs: 640, latencyMs: 700 });
    expect(of({ shownAt: NOW + 200 })).toEqual({ measuredMs: -200, latencyMs: 0 });
  });
  it('is refused where no camera can be', () => {
    expect(of({ shownAt: NOW + 361 })).toBeNull();
    expect(of({ shownAt: NOW - 20_000 })).toBeNull();
  });
  it('holds from its date on, the newest by then', () => {
    const dated = [
      { at: 200, latencyMs: 700 },
      { at: 100, latencyMs: 900 },
    ];
    expect([50, 100, 150, 200, 999].map((at) => latencyAt(dated, at))).toEqual([null, 900, 900, 700, 700]);
  });
});
