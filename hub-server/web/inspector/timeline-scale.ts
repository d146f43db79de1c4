/**
 * The arithmetic of the one timeline: which part is in view, where ticks stand, which moments matter, and whether the
 * order of a press and a picture can be known. Pure; times are UTC milliseconds.
 */
import type { TimelineAnswer } from '@hailong/shared/protocol/http.ts';

export interface View {
  readonly from: number;
  readonly to: number;
}

/** Closest useful zoom: below it the bands of the clocks fill the picture. */
export const SMALLEST_SPAN_MS = 10_000;

/** Keeps the asked span inside the window that may be viewed. */
export function clampView(view: View, window: View): View {
  const whole = window.to - window.from;
  const span = Math.min(Math.max(view.to - view.from, Math.min(SMALLEST_SPAN_MS, whole)), whole);
  const from = Math.min(Math.max(view.from, window.from), window.to - span);
  return { from, to: from + span };
}

/** Zooms around `at`, which keeps its place on the screen. */
export function zoomView(view: View, window: View, at: number, factor: number): View {
  const kept = Math.min(Math.max(at, view.from), view.to);
  const span = (view.to - view.from) * factor;
  const share = (kept - view.from) / (view.to - view.from);
  const from = kept - span * share;
  return clampView({ from, to: from + span }, window);
}

/** Moves the view so that `at` is inside, a fifth from the left; unchanged while it is inside. */
export function followView(view: View, window: View, at: number): View {
  if (at >= view.from && at <= view.to) return view;
  const span = view.to - view.from;
  return clampView({ from: at - span / 5, to: at - span / 5 + span }, window);
}

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];

/** What is in view once another window may be viewed: all of it where all of it was, else the same seconds. */
export function grownView(view: View, before: View, now: View): View {
  const whole = view.from === before.from && view.to === before.to;
  return whole ? { from: now.from, to: now.to } : clampView(view, now);
}

/** Round times inside the view, at most `most` of them. Vietnam is a whole number of hours from UTC. */
export function ticks(view: View, most: number): number[] {
  const span = view.to - view.from;
  const stepMs = (STEPS_S.find((step) => span / (step * 1000) <= most) ?? 28_800) * 1000;
  const found: number[] = [];
  for (let at = Math.ceil(view.from / stepMs) * stepMs; at <= view.to; at += stepMs) found.push(at);
  return found;
}

/** When the transaction was served, as far as it is recorded. */
export function servedSpan({ transaction, served }: Pick<TimelineAnswer, 'transaction' | 'served'>): {
  readonly from: number | null;
  readonly to: number | null;
} {
  return {
    from: served?.begin === 'recorded' ? (transaction?.openedAt ?? null) : null,
    to: served?.end === 'unknown' ? null : (transaction?.finishedAt ?? null),
  };
}

/** Moments worth stopping at, in order, inside the window: N goes to the next one. */
export function marksOf(timeline: TimelineAnswer): number[] {
  const { prompt, presses, cameras, window } = timeline;
  const { from, to } = servedSpan(timeline);
  const all: (number | null | undefined)[] = [
    from,
    to,
    prompt?.from,
    prompt?.to,
    ...presses.map((each) => each.at),
    ...cameras.flatMap((camera) => camera.gaps.flatMap((gap) => [gap.from, gap.to])),
  ];
  const inside = all.filter(
    (at): at is number => typeof at === 'number' && at >= window.from && at <= window.to,
  );
  return [...new Set(inside)].sort((a, b) => a - b);
}

/** The next mark after `at`, going round to the first; a mark within 0.3 s counts as reached. */
export function nextMark(marks: readonly number[], at: number): number | null {
  return marks.find((mark) => mark > at + 300) ?? marks[0] ?? null;
}

/** The press that counted for the overall question, else the first that counted, else the first. */
export function mainPress(timeline: TimelineAnswer): TimelineAnswer['presses'][number] | null {
  return timeline.presses.find((each) => each.counted) ?? timeline.presses[0] ?? null;
}

/** True when a press lies within the joint error of both clocks around the picture: their order cannot be known. */
export function orderUnknown(
  timeline: TimelineAnswer,
  camera: TimelineAnswer['cameras'][number],
  at: number,
): boolean {
  const kiosk = timeline.kioskBoundMs;
  if (kiosk === null) return timeline.presses.length > 0;
  return timeline.presses.some(
    (press) => press.at >= at - camera.boundBeforeMs - kiosk && press.at <= at + camera.boundAfterMs + kiosk,
  );
}
