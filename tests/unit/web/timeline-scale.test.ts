/* The arithmetic of the one timeline. */
import { timelineAnswer } from '@hailong/shared/protocol/http.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxOf, layoutOf, nameLength } from '../../../hub-server/web/inspector/lane.tsx';
import { placeLabels } from '../../../hub-server/web/inspector/place-labels.ts';
import {
  clampView,
  followView,
  grownView,
  marksOf,
  nextMark,
  orderUnknown,
  ticks,
  zoomView,
} from '../../../hub-server/web/inspector/timeline-scale.ts';
import { at, timeline } from '../../support/hub-fixtures.ts';

const range = { from: 0, to: 300_000 };

describe('the part in view', () => {
  test('never leaves the permitted window, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 10_000_000 }),
        fc.double({ min: 0.01, max: 50, noNaN: true }),
        (from, span, factor) => {
          const view = zoomView(clampView({ from, to: from + span }, range), range, from, factor);
          return view.from >= 0 && view.to <= 300_000 + 1e-6 && view.to - view.from >= 10_000 - 1e-6;
        },
      ),
    );
  });
  test('follows the playhead only when it has left', () => {
    const view = { from: 0, to: 60_000 };
    expect(followView(view, range, 30_000)).toBe(view);
    expect(followView(view, range, 100_000)).toEqual({ from: 88_000, to: 148_000 });
  });
  test('grows with a turn that ended, where all of it was in view', () => {
    const served = { from: 0, to: 55_000 };
    expect(grownView(served, served, range)).toEqual(range);
    const zoomed = { from: 10_000, to: 40_000 };
    expect(grownView(zoomed, served, range)).toEqual(zoomed);
  });
  test('ticks are round and few', () => {
    expect(ticks({ from: 1_000, to: 61_000 }, 7)).toEqual([10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
    expect(ticks(range, 5).length).toBeLessThanOrEqual(6);
  });
});

describe('marks and order', () => {
  const answer = timelineAnswer.parse(timeline());
  test('N goes from mark to mark and round again', () => {
    const marks = marksOf(answer);
    expect(marks[0]).toBe(at(9, 33, 20));
    expect(nextMark(marks, at(9, 33, 20))).toBe(at(9, 34, 40));
    expect(nextMark(marks, at(9, 59))).toBe(marks[0]);
    expect(nextMark([], 1)).toBeNull();
  });
  test('order is unknown inside the joint error of both clocks, and always without a bounded kiosk clock', () => {
    const camera = answer.cameras[0];
    if (!camera) throw new Error('the fixture has cameras');
    // Camera −1.8 s … +0.4 s, kiosk ± 0.3 s around the press at 09:36:41.212.
    expect(orderUnknown(answer, camera, at(9, 36, 41, 212))).toBe(true);
    expect(orderUnknown(answer, camera, at(9, 36, 43, 300))).toBe(true);
    expect(orderUnknown(answer, camera, at(9, 36, 43, 400))).toBe(false);
    expect(orderUnknown(answer, camera, at(9, 36, 40, 400))).toBe(false);
    expect(orderUnknown({ ...answer, kioskBoundMs: null }, camera, at(9, 34))).toBe(true);
  });
});

describe('labels', () => {
  const mark = (start: number, full: string, first = true) => ({
    start,
    end: start + 20,
    full,
    short: 'ngắn',
    first,
  });
  test('stand right, else left, else short, else nowhere', () => {
    expect(placeLabels([mark(100, 'dài mười ký')], 0, 400)[0]).toMatchObject({ anchor: 'start', x: 127 });
    expect(placeLabels([mark(360, 'dài mười ký')], 0, 400)[0]).toMatchObject({ anchor: 'end', x: 353 });
    expect(placeLabels([mark(20, 'dài mười ký')], 0, 80)[0]).toMatchObject({ text: 'ngắn' });
    expect(placeLabels([mark(5, 'dài mười ký')], 0, 30)[0]).toBeNull();
  });
  test('stand clear of the playhead’s band, unless that leaves no room at all', () => {
    const [start, end] = [100, 120];
    const gap = { start, end, full: 'dài mười ký', short: null, first: true };
    const at = (band: [number, number] | null, to = 400) => placeLabels([gap], 0, to, band)[0];
    expect(at(null)).toEqual({ text: gap.full, x: 127, anchor: 'start' });
    expect(at([300, 320])).toEqual(at(null));
    // Under its words: the other side.
    expect(at([150, 160])).toEqual({ text: gap.full, x: 93, anchor: 'end' });
    // At the mark itself, the words beside it.
    expect(at([118, 126])).toEqual(at(null));
    // Both sides, or the only one there is: said all the same.
    expect(at([20, 300])).toEqual(at(null));
    expect(placeLabels([{ ...gap, start: 10, end: 30 }], 0, 400, [50, 60])[0]).toMatchObject({ x: 37 });
  });
  test('stand inside a gap that leaves no room beside it, cut to what it holds', () => {
    const gap = {
      start: 0,
      end: 400,
      full: 'bốn phút không có hình',
      short: null,
      first: true,
      within: true,
    };
    const at = (end: number) => placeLabels([{ ...gap, end }], 0, end, [10, 20])[0];
    expect(at(400)).toEqual({ text: gap.full, x: 7, anchor: 'start', within: true });
    expect(at(120)).toEqual({ text: 'bốn phút không…', x: 7, anchor: 'start', within: true });
    expect(at(60)).toBeNull();
    expect(placeLabels([{ ...gap, within: false }], 0, 400)[0]).toBeNull();
  });
  test('never cover a mark or another label', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 8 }), (starts) => {
        const marks = starts.map((start, index) => mark(start, 'nhãn thử nghiệm', index % 2 === 0));
        const spans = placeLabels(marks, 0, 1000)
          .filter((each) => each !== null)
          .map(({ x, text, anchor }) =>
            anchor === 'start' ? [x, x + text.length * 6.6] : [x - text.length * 6.6, x],
          );
        return spans.every(
          ([a = 0, b = 0], index) =>
            a >= 0 &&
            b <= 1000 &&
            marks.every((each) => each.end <= a || each.start >= b) &&
            spans.every(([c = 0, d = 0], other) => other === index || d <= a || c >= b),
        );
      }),
    );
  });
});

describe('what is written of a bar', () => {
  const served = (from: number, to: number) => ({
    ...{ kind: 'served' as const, from, to, inside: 'A012 · bắt đầu 09:33:00', after: 'xong 09:36:00' },
  });
  const px = (moment: number): number => moment;

  test('of its end: right of it, and where that is out of view, inside', () => {
    const seen = boxOf(served(300, 700), px, 240, 1300);
    expect([seen?.inside, seen?.outside]).toEqual(['A012 · bắt đầu 09:33:00', 'xong 09:36:00']);
    const beyond = boxOf(served(300, 5_000), px, 240, 1300);
    expect([beyond?.inside, beyond?.outside]).toEqual(['A012 · bắt đầu 09:33:00 · xong 09:36:00', null]);
  });
  test('where it fits nowhere inside, begin and end stand outside together', () => {
    const short = boxOf(served(1_240, 1_295), px, 240, 1300);
    expect([short?.inside, short?.outside]).toEqual([null, 'A012 · bắt đầu 09:33:00 · xong 09:36:00']);
  });
  test('a phone writes longer names of lanes than the column at a desk', () => {
    expect(nameLength(layoutOf(1326))).toBe(21);
    expect(nameLength(layoutOf(334))).toBeGreaterThan(30);
  });
});
