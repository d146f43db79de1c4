/* The clock that is filmed: by the quickest answer, aging, and never shown when nobody confirms it. */
import { describe, expect, it } from 'vitest';
import { clockOf, typedTime } from '../../../hub-server/web/admin/cameras/clock-code.ts';
import { better, hubTime, readAnswer, STALE_MS } from '../../../hub-server/web/clock/hub-time.ts';

describe('the hub’s clock by a browser', () => {
  it('lies in the middle of the round trip, ± half of it', () => {
    const reading = readAnswer(100, 5_000, 140);
    expect(reading).toEqual({ offsetMs: 4_880, boundMs: 21, readAt: 140 });
    expect(hubTime(reading, 140, 140)).toEqual({ state: 'good', at: 5_020, boundMs: 21 });
  });
  it('keeps the quicker answer while it is young', () => {
    const quick = readAnswer(0, 5_000, 10);
    const slow = readAnswer(2_000, 7_000, 2_400);
    expect(better(quick, slow)).toBe(quick);
    expect(better(slow, quick)).toBe(quick);
    const late = readAnswer(20_000, 25_000, 20_400);
    expect(better(quick, late)).toBe(late);
  });
  it('shows nothing before the first answer, long after the last one, and over a slow line', () => {
    expect(hubTime(null, null, 9).state).toBe('waiting');
    const reading = readAnswer(0, 5_000, 10);
    expect(hubTime(reading, 10, 10 + STALE_MS + 1).state).toBe('away');
    expect(hubTime(readAnswer(0, 5_000, 600), 600, 600).state).toBe('loose');
  });
});

describe('what a picture shows', () => {
  it('is the hub’s code and no other', () => {
    expect(clockOf('HL1:1732600000100')).toBe(1_732_600_000_100);
    for (const other of [
      '',
      '1732600000100',
      'HL1:17326',
      'HL1:1732600000100x',
      'https://x/HL1:1732600000100',
    ])
      expect(clockOf(other)).toBeNull();
  });
  it('or a time typed, on the day nearest to the picture', () => {
    const near = Date.UTC(2026, 10, 25, 17, 0, 1);
    expect(typedTime('23:59:58,5', near)).toBe(near - 2_500);
    expect(typedTime('0:00:01.25', near)).toBe(near + 250);
    for (const wrong of ['', '24:00:00', '12:60:00', '12:00', 'x', '12:00:00,1234'])
      expect(typedTime(wrong, near)).toBeNull();
  });
});
