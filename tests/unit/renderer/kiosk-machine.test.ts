/* The window's machine with a clock of numbers: one touch at a time, honest waiting, and nothing that tells a level. */
import type { WindowToAgent } from '@hailong/shared/protocol/ui.ts';
import { describe, expect, it } from 'vitest';
import {
  ANSWER_WAIT_MAX_MS,
  AWAY_AFTER_MS,
  BUSY_AFTER_MS,
  GUARD_MS,
  type KioskInput,
  LANGUAGE_KEPT_AT_REST_MS,
  nextWakeMs,
  PANEL_MARK_MS,
  startKiosk,
  stepKiosk,
} from '../../../kiosk-app/renderer/kiosk-machine.ts';
import { questionScreen, screens } from '../../support/kiosk-screens.ts';

const press = '0198c0de-0000-4000-8000-00000000000a';

/** A window with a hand on its clock. */
function open() {
  let nowMs = 1_000;
  let state = startKiosk(nowMs);
  const sent: WindowToAgent[] = [];
  const give = (input: KioskInput): void => {
    const step = stepKiosk(state, input, nowMs);
    state = step.state;
    if (step.send !== null) sent.push(step.send);
  };
  return {
    sent,
    give,
    state: () => state,
    show: (screen: Parameters<typeof questionScreen>[0] | (typeof screens)[keyof typeof screens]) =>
      give({
        type: 'message',
        message: {
          type: 'screen',
          revision: 1,
          screen: typeof screen === 'number' ? questionScreen(screen) : screen,
        },
      }),
    /** Lets time pass, waking whenever the machine asked to be woken. */
    wait(ms: number) {
      const end = nowMs + ms;
      for (let at = nextWakeMs(state); at !== null && at <= end; at = nextWakeMs(state)) {
        nowMs = Math.max(nowMs, at);
        give({ type: 'wake' });
      }
      nowMs = end;
    },
  };
}

function asked() {
  const window = open();
  window.give({ type: 'connection', connected: true });
  window.show(1);
  window.wait(GUARD_MS);
  return window;
}

describe('a touch', () => {
  it('is sent once, marks its tile at once, and a second one is refused', () => {
    const window = asked();
    window.give({ type: 'tap', level: 2, press });
    window.give({ type: 'tap', level: 5, press: 'other' });
    window.give({ type: 'skip' });
    expect(window.sent).toEqual([
      expect.objectContaining({ type: 'tap', level: 2, press, askTicket: 1_001 }),
    ]);
    expect(window.state().marked).toBe(2);
  });

  it('in the first moments of a question is the end of a double tap, not an answer', () => {
    const window = asked();
    window.give({ type: 'tap', level: 4, press });
    window.show(2);
    window.give({ type: 'tap', level: 4, press: 'other' });
    expect(window.sent).toHaveLength(1);
    window.wait(GUARD_MS);
    window.give({ type: 'tap', level: 4, press: 'other' });
    expect(window.sent).toHaveLength(2);
  });

  it('says it waits after 300 ms, not before, and stops saying so when recorded', () => {
    const window = asked();
    window.give({ type: 'tap', level: 3, press });
    window.wait(BUSY_AFTER_MS - 1);
    expect(window.state().busy).toBe(false);
    window.wait(1);
    expect(window.state().busy).toBe(true);
    window.give({ type: 'message', message: { type: 'recorded', press } });
    expect(window.state()).toMatchObject({ busy: false, awaited: null, marked: 3 });
  });

  it('that is refused, or never answered, gives the keys back', () => {
    const refused = asked();
    refused.give({ type: 'tap', level: 3, press });
    refused.give({ type: 'message', message: { type: 'refused', press, code: 'kiosk.not_counted' } });
    expect(refused.state()).toMatchObject({ marked: null, awaited: null });
    const silent = asked();
    silent.give({ type: 'tap', level: 3, press });
    silent.wait(ANSWER_WAIT_MAX_MS);
    expect(silent.state()).toMatchObject({ marked: null, awaited: null, busy: false });
  });

  it('answered for another press changes nothing', () => {
    const window = asked();
    window.give({ type: 'tap', level: 3, press });
    window.give({ type: 'message', message: { type: 'recorded', press: 'another' } });
    expect(window.state().awaited).not.toBeNull();
  });

  it('leaves the same state behind whatever its level was', () => {
    const after = ([1, 2, 3, 4, 5] as const).map((level) => {
      const window = asked();
      window.give({ type: 'tap', level, press });
      window.give({ type: 'message', message: { type: 'recorded', press } });
      window.show(2);
      return window.state();
    });
    for (const state of after) expect(state).toEqual(after[0]);
  });
});

describe('the agent away', () => {
  it('is not shown for a blink, then said, and the touch goes again with the same press', () => {
    const window = asked();
    window.give({ type: 'tap', level: 1, press });
    window.wait(50);
    window.give({ type: 'connection', connected: false });
    window.wait(AWAY_AFTER_MS - 1);
    expect(window.state().away).toBe(false);
    window.wait(1);
    expect(window.state().away).toBe(true);
    window.give({ type: 'connection', connected: true });
    expect(window.state().away).toBe(false);
    window.show(1);
    expect(window.sent).toHaveLength(2);
    expect(window.sent[1]).toEqual(window.sent[0]);
  });

  it('keeps a touch made while the line is cut for when it returns', () => {
    const window = asked();
    window.give({ type: 'connection', connected: false });
    window.give({ type: 'tap', level: 1, press });
    expect(window.sent).toHaveLength(0);
    window.wait(20);
    window.give({ type: 'connection', connected: true });
    window.show(1);
    expect(window.sent).toEqual([expect.objectContaining({ type: 'tap', press })]);
  });

  it('forgets the touch when the agent asks something else on return', () => {
    const window = asked();
    window.give({ type: 'tap', level: 1, press });
    window.wait(50);
    window.give({ type: 'connection', connected: false });
    window.give({ type: 'connection', connected: true });
    window.show(2);
    expect(window.sent).toHaveLength(1);
    expect(window.state()).toMatchObject({ awaited: null, marked: null });
  });
});

describe('the panel', () => {
  it('marks the tile at its button, counted from 1, best first', () => {
    const window = asked();
    window.give({ type: 'message', message: { type: 'pressed', button: 5 } });
    expect(window.state().marked).toBe(1);
    expect(window.sent).toHaveLength(0);
  });

  it('pressed without effect is unmarked again; an unknown button marks nothing', () => {
    const window = asked();
    window.give({ type: 'message', message: { type: 'pressed', button: 2 } });
    window.wait(PANEL_MARK_MS);
    expect(window.state().marked).toBeNull();
    window.give({ type: 'message', message: { type: 'pressed', button: 6 } });
    expect(window.state().marked).toBeNull();
  });
});

describe('the language', () => {
  it('stays through the questions and is Vietnamese again at rest', () => {
    const window = asked();
    window.give({ type: 'language' });
    window.show(2);
    window.show(screens.thanks);
    expect(window.state().language).toBe('en');
    window.show(screens.rest);
    expect(window.state().language).toBe('vi');
  });

  it('chosen at rest and left alone goes back by itself', () => {
    const window = open();
    window.give({ type: 'connection', connected: true });
    window.show(screens.rest);
    window.give({ type: 'language' });
    window.wait(LANGUAGE_KEPT_AT_REST_MS - 1);
    expect(window.state().language).toBe('en');
    window.wait(1);
    expect(window.state().language).toBe('vi');
  });
});

describe('other keys', () => {
  it('open the prompt only while serving', () => {
    const window = open();
    window.give({ type: 'connection', connected: true });
    window.show(screens.rest);
    window.wait(GUARD_MS);
    window.give({ type: 'citizen.open' });
    window.show(screens.serving);
    window.wait(GUARD_MS);
    window.give({ type: 'citizen.open' });
    expect(window.sent).toEqual([{ type: 'citizen.open' }]);
  });

  it('correct only when offered, on the thanks for the rating just given', () => {
    const window = asked();
    window.give({ type: 'correct' });
    expect(window.sent).toHaveLength(0);
    window.show(screens.thanks);
    window.wait(GUARD_MS);
    window.give({ type: 'correct' });
    expect(window.sent).toEqual([{ type: 'correct', rating: '0198c0de-0000-7000-8000-000000000001' }]);
  });
});
