/* From when to when a service lies where facts of it are missing: bounded at both ends, and never past what a hold of it keeps. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldWindow } from '../../../hub-server/src/domain/footage/hold.ts';
import {
  SERVICE_MAX_MS,
  servedSpan,
  type TurnFacts,
} from '../../../hub-server/src/domain/footage/served-span.ts';
import { PADDING_MS, transactionWindow } from '../../../hub-server/src/domain/footage/window.ts';

const T = 1_800_000_000_000;
const MINUTE = 60_000;
const DAY = 86_400_000;
const facts = (more: Partial<TurnFacts> = {}): TurnFacts => ({
  ...{
    openedAt: T,
    finishedAt: null,
    byRestart: false,
    prompt: null,
    pressedAt: null,
    before: null,
    after: null,
  },
  ...more,
});
const span = (more: Partial<TurnFacts>) => {
  const { from, to, begin, end } = servedSpan(facts(more));
  return [(from - T) / MINUTE, (to - T) / MINUTE, begin, end];
};

describe('a service', () => {
  it('that is known whole ends with its prompt, or a press after it', () => {
    const finishedAt = T + 5 * MINUTE;
    expect(span({ finishedAt })).toEqual([0, 5, 'recorded', 'recorded']);
    const prompt = { from: finishedAt, to: T + 6 * MINUTE, closeAfterMs: 2 * MINUTE };
    expect(span({ finishedAt, prompt })).toEqual([0, 6, 'recorded', 'recorded']);
    expect(span({ finishedAt, pressedAt: T + 7 * MINUTE })).toEqual([0, 7, 'recorded', 'recorded']);
    expect(span({ finishedAt, prompt: { ...prompt, to: null } })[1]).toBe(7.05);
    // Nothing was shown.
    expect(span({ finishedAt, prompt: { from: finishedAt, to: null, closeAfterMs: 0 } })[1]).toBe(5);
  });
  it('whose end nobody recorded ends by the earliest of four hours, the next opening or the duty’s end, a restart', () => {
    expect(span({})).toEqual([0, 240, 'recorded', 'unknown']);
    expect(span({ after: T + 20 * MINUTE })).toEqual([0, 20, 'recorded', 'unknown']);
    const restarted = { byRestart: true, finishedAt: T + 3 * DAY };
    expect(span(restarted)).toEqual([0, 240, 'recorded', 'unknown']);
    expect(span({ ...restarted, finishedAt: T + 9 * MINUTE })).toEqual([0, 9, 'recorded', 'unknown']);
    // Its prompt is held, its finish is not: by then the service was over.
    const prompt = { from: T + 8 * MINUTE, to: T + 9 * MINUTE, closeAfterMs: 2 * MINUTE };
    expect(span({ prompt })).toEqual([0, 9, 'recorded', 'unknown']);
  });
  it('is not drawn out by what came days later', () => {
    const finishedAt = T + 5 * MINUTE;
    const prompt = { from: finishedAt, to: T + 3 * DAY, closeAfterMs: 2 * MINUTE };
    expect(span({ finishedAt, prompt })[1]).toBe(7.05);
    expect(span({ finishedAt, pressedAt: T + 3 * DAY })[1]).toBe(15.05);
    expect(span({ finishedAt: T + 3 * DAY })).toEqual([0, 240, 'recorded', 'cut']);
  });
  it('whose opening is not held reaches back to the turn before or the duty’s start, four hours at most', () => {
    const late = {
      openedAt: null,
      finishedAt: T,
      prompt: { from: T + 1, to: T + MINUTE, closeAfterMs: MINUTE },
    };
    expect(span(late)).toEqual([-240, 1, 'unknown', 'recorded']);
    expect(span({ ...late, before: T - 30 * MINUTE })).toEqual([-30, 1, 'unknown', 'recorded']);
    expect(span({ ...late, finishedAt: null, before: T - DAY })).toEqual([
      expect.closeTo(-240),
      1,
      'unknown',
      'unknown',
    ]);
  });
  it('is shown within what is held of it, and never as more than eight hours', () => {
    const at = fc.integer({ min: T - DAY, max: T + 5 * DAY });
    const maybe = fc.option(at);
    const any: fc.Arbitrary<TurnFacts> = fc.record({
      ...{
        openedAt: maybe,
        finishedAt: maybe,
        byRestart: fc.boolean(),
        pressedAt: maybe,
        before: maybe,
        after: maybe,
      },
      prompt: fc.record({
        from: at,
        to: maybe,
        closeAfterMs: fc.option(fc.integer({ min: 0, max: 5 * DAY })),
      }),
    });
    fc.assert(
      fc.property(any, (each) => {
        const [shown, held] = [
          transactionWindow(servedSpan(each), 40, Number.MAX_SAFE_INTEGER),
          heldWindow({ facts: each, boundMs: 40 }),
        ];
        expect(held.from).toBeLessThanOrEqual(shown.from);
        expect(held.to).toBeGreaterThanOrEqual(shown.to);
        expect(shown.to).toBeGreaterThan(shown.from);
        expect(shown.to - shown.from).toBeLessThanOrEqual(2 * (SERVICE_MAX_MS + PADDING_MS + 40));
      }),
    );
  });
});
