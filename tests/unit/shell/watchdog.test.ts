/* What the watchdog does when a window closes, crashes, hangs, is covered or gets company; and what it never does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COVERED_AFTER_MS,
  FIRST_BEAT_MS,
  HANG_AFTER_MS,
  pauseMs,
  STARTS_AT_ONCE,
  startWatchdog,
  stepWatchdog,
  type WatchdogEffect,
  type WatchdogInput,
  type WatchdogState,
} from '../../../kiosk-app/shell/watchdog-machine.ts';

/** A watchdog with a clock of its own. */
function watch() {
  let now = 1_000;
  let state = startWatchdog(now);
  const say = (input: WatchdogInput): readonly WatchdogEffect[] => {
    const step = stepWatchdog(state, input, now);
    state = step.state;
    return step.effects;
  };
  const wait = (ms: number): readonly WatchdogEffect[] => {
    const effects: WatchdogEffect[] = [];
    for (const end = now + ms; now < end; ) {
      now = Math.min(end, now + 500);
      effects.push(...say({ type: 'tick' }));
    }
    return effects;
  };
  return { say, wait, state: () => state };
}
const whole = { type: 'beat', whole: true } as const;
const part = { type: 'beat', whole: false } as const;
const up = { type: 'agent', up: true } as const;
const kinds = (effects: readonly WatchdogEffect[]) => effects.map(({ kind }) => kind);
function running() {
  const dog = watch();
  dog.say(up);
  dog.say(whole);
  return dog;
}

describe('a window', () => {
  it('starts when the agent is there, and not before', () => {
    const dog = watch();
    expect(dog.wait(60_000)).toEqual([]);
    expect(dog.say(up)).toEqual([{ kind: 'start' }]);
  });
  it('is started at once when it was closed', () => {
    const dog = running();
    expect(dog.say({ type: 'ended' })).toEqual([{ kind: 'noticed', why: 'closed' }, { kind: 'start' }]);
    expect(dog.state().counts.closed).toBe(1);
  });
  it.each(['crashed', 'hung', 'strayed', 'closed', 'reload', 'size'] as const)(
    'is ended once and started anew: %s',
    (why) => {
      const dog = running();
      expect(dog.say({ type: why })).toEqual([
        { kind: 'noticed', why },
        { kind: 'stop', why },
      ]);
      expect(dog.say({ type: why })).toEqual([]);
      expect(dog.say({ type: 'ended' })).toEqual([{ kind: 'start' }]);
    },
  );
  it('that does not beat hangs; one that has not begun is given longer', () => {
    const dog = running();
    expect(kinds(dog.wait(HANG_AFTER_MS + 500))).toEqual(['noticed', 'stop']);
    dog.say({ type: 'ended' });
    expect(dog.wait(FIRST_BEAT_MS - 1_000)).toEqual([]);
    expect(kinds(dog.wait(1_500))).toEqual(['noticed', 'stop']);
  });
  it('does not hang while nobody can hear it', () => {
    const dog = running();
    dog.say({ type: 'agent', up: false });
    expect(dog.wait(10 * HANG_AFTER_MS)).toEqual([]);
    dog.say(up);
    expect(dog.wait(HANG_AFTER_MS - 500)).toEqual([]);
    dog.say(whole);
    expect(dog.wait(HANG_AFTER_MS - 500)).toEqual([]);
  });
  it('that was whole and is covered begins anew; one that never was is let be', () => {
    const dog = running();
    dog.say(part);
    expect(dog.wait(500)).toEqual([]);
    expect(kinds(dog.wait(COVERED_AFTER_MS))).toEqual(['noticed', 'stop']);
    const desk = watch();
    desk.say(up);
    desk.say(part);
    expect(desk.wait(HANG_AFTER_MS - 500)).toEqual([]);
    const back = running();
    back.say(part);
    back.say(whole);
    expect(back.wait(HANG_AFTER_MS - 500)).toEqual([]);
  });
  it('beside ours is closed', () => {
    const dog = running();
    expect(dog.say({ type: 'foreign', target: 'T' })).toEqual([
      { kind: 'noticed', why: 'foreign' },
      { kind: 'close', target: 'T' },
    ]);
  });
});

describe('starts', () => {
  it('are at once a few times, then pause longer and longer, up to half a minute', () => {
    expect(Array.from({ length: STARTS_AT_ONCE }, (_none, n) => pauseMs(n))).toEqual([0, 0, 0, 0, 0]);
    expect([5, 6, 7, 8, 9, 10, 20].map(pauseMs)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
  });
  it('never run away, and never stop for good, whatever happens', () => {
    const input = fc.oneof(
      fc.constantFrom<WatchdogInput>(whole, part, { type: 'ended' }, { type: 'crashed' }, { type: 'reload' }),
      fc.boolean().map((on): WatchdogInput => ({ type: 'agent', up: on })),
      fc.constant<WatchdogInput>({ type: 'tick' }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(input, fc.integer({ min: 0, max: 3_000 })), { maxLength: 200 }),
        (story) => {
          let now = 0;
          let state: WatchdogState = startWatchdog(now);
          const starts: number[] = [];
          let alive = false;
          for (const [said, later] of story) {
            now += later;
            if (said.type === 'ended' && !alive) continue;
            if (said.type === 'ended') alive = false;
            const step = stepWatchdog(state, said, now);
            state = step.state;
            for (const { kind } of step.effects) {
              if (kind !== 'start') continue;
              // Never two at once.
              expect(alive).toBe(false);
              alive = true;
              starts.push(now);
            }
          }
          for (const at of starts)
            expect(starts.filter((other) => other >= at && other < at + 60_000).length).toBeLessThan(12);
          // Whatever was before: with the agent there, and time, there is a window.
          const dog = stepWatchdog(state, up, now + 1);
          let last = dog.state;
          let started = alive || dog.effects.some(({ kind }) => kind === 'start');
          for (let at = now + 500; at < now + 90_000 && !started; at += 500) {
            const step = stepWatchdog(last, { type: 'tick' }, at);
            last = step.state;
            started = step.effects.some(({ kind }) => kind === 'start');
          }
          expect(started).toBe(true);
        },
      ),
    );
  });
});
