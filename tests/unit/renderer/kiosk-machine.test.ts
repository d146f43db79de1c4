/* The window's machine with a clock of numbers: one touch at a time, honest waiting, and nothing that tells a level. */
import { type Screen, screen, type WindowToAgent } from '@hailong/shared/protocol/ui.ts';
import { describe, expect, it } from 'vitest';
import {
  ANSWER_WAIT_MAX_MS,
  AWAY_AFTER_MS,
  BUSY_AFTER_MS,
  GUARD_MS,
  type KioskInput,
  LANGUAGE_KEPT_AT_REST_MS,
  LANGUAGE_LIST_MS,
  nextWakeMs,
  PANEL_MARK_MS,
  startKiosk,
  stepKiosk,
} from '../../../kiosk-app/renderer/kiosk-machine.ts';
import {
  chipsScreen,
  desks,
  full,
  phone,
  pins,
  questionScreen,
  screens,
} from '../../support/kiosk-screens.ts';

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
    show: (screen: Parameters<typeof questionScreen>[0] | Screen) =>
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
    window.give({ type: 'language', offered: ['vi', 'en'] });
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
    window.give({ type: 'language', offered: ['vi', 'en'] });
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

  const turn = (transaction: string) => screen.parse({ ...screens.serving, transaction });
  const [one, other] = ['0198c0de-0000-7000-8000-0000000000a1', '0198c0de-0000-7000-8000-0000000000a2'];

  it('pressed over a broken line ends the turn that was on show, and no other one', () => {
    for (const [shown, sent] of [
      [one, [{ type: 'citizen.open', transaction: one }]],
      [other, []],
    ] as const) {
      const window = open();
      window.give({ type: 'connection', connected: true });
      window.show(turn(one));
      window.wait(GUARD_MS);
      window.give({ type: 'connection', connected: false });
      window.give({ type: 'citizen.open' });
      expect(window.sent).toEqual([]);
      window.wait(1);
      window.give({ type: 'connection', connected: true });
      window.show(turn(shown));
      expect(window.sent).toEqual(sent);
    }
  });

  it('of the next turn take no touch that was for the one before, nor its language', () => {
    const window = open();
    window.give({ type: 'connection', connected: true });
    window.show(turn(one));
    window.wait(GUARD_MS);
    window.give({ type: 'language', offered: ['vi', 'en'] });
    window.show(turn(one));
    expect(window.state().language).toBe('en');
    window.show(turn(other));
    expect(window.state().language).toBe('vi');
    window.give({ type: 'citizen.open' });
    expect(window.sent).toEqual([]);
    window.wait(GUARD_MS);
    window.give({ type: 'citizen.open' });
    expect(window.sent).toEqual([{ type: 'citizen.open', transaction: other }]);
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

function onChips(set: 'low' | 'high' = 'low') {
  const window = asked();
  window.show(chipsScreen(set));
  window.wait(GUARD_MS);
  return window;
}
const chip = (key: string, id: string): KioskInput => ({ type: 'chip', chip: key, press: id });
const recorded = (id: string): KioskInput => ({ type: 'message', message: { type: 'recorded', press: id } });
const sets = (sent: readonly WindowToAgent[]) =>
  sent.map((one) => (one.type === 'chips' ? one.chips : one.type));

describe('the page of chips', () => {
  it('sends the whole set at each touch, in the page’s order, one at a time, and the newest last', () => {
    const window = onChips();
    window.give(chip('low005', 'a'));
    window.give(chip('low002', 'b'));
    window.give(chip('low000', 'c'));
    expect(sets(window.sent)).toEqual([['low005']]);
    expect(window.state().choice.chosen).toEqual(['low000', 'low002', 'low005']);
    window.give(recorded('a'));
    expect(sets(window.sent)).toEqual([['low005'], ['low000', 'low002', 'low005']]);
    expect(window.sent[1]).toMatchObject({ press: 'c', askTicket: 1_009 });
    window.give(recorded('c'));
    expect(window.sent).toHaveLength(2);
    window.show(chipsScreen('low', { chosen: [0, 2, 5] }));
    expect(window.state().choice.chosen).toBeNull();
  });

  it('counts one touch of a trembling hand on the same chip, and takes a chip back later', () => {
    const window = onChips();
    window.give(chip('low003', 'a'));
    window.give(chip('low003', 'b'));
    window.give(recorded('a'));
    window.show(chipsScreen('low', { chosen: [3] }));
    window.give(chip('low003', 'c'));
    window.wait(GUARD_MS);
    window.give(chip('low003', 'd'));
    expect(sets(window.sent)).toEqual([['low003'], []]);
  });

  it('leaves only after what was touched is on its way to the disk, and nothing is lost', () => {
    const window = onChips();
    window.give(chip('low001', 'a'));
    window.give(chip('low002', 'b'));
    window.give({ type: 'skip' });
    window.give(chip('low004', 'late'));
    window.give(recorded('a'));
    window.give(recorded('b'));
    expect(sets(window.sent)).toEqual([['low001'], ['low001', 'low002'], 'skip']);
  });

  it('shows what is recorded when a touch was refused, or never answered', () => {
    const refused = onChips();
    refused.give(chip('low001', 'a'));
    refused.give({ type: 'message', message: { type: 'refused', press: 'a', code: 'kiosk.not_counted' } });
    expect(refused.state()).toMatchObject({ awaited: null, choice: { chosen: null } });
    const silent = onChips();
    silent.give(chip('low001', 'a'));
    silent.wait(ANSWER_WAIT_MAX_MS);
    expect(silent.state()).toMatchObject({ awaited: null, choice: { chosen: null } });
  });

  it('sends a touch again with the same press when the line returns', () => {
    const window = onChips();
    window.give(chip('low001', 'a'));
    window.wait(50);
    window.give({ type: 'connection', connected: false });
    window.give({ type: 'connection', connected: true });
    window.show(chipsScreen('low'));
    expect(window.sent[1]).toEqual(window.sent[0]);
  });

  it('leaves the same state behind whatever set was shown and whatever was touched', () => {
    const after = (['low', 'high'] as const).map((set) => {
      const window = onChips(set);
      window.give(chip(`${set.slice(0, 3)}001`, 'a'));
      window.give(recorded('a'));
      window.show(phone.page);
      return window.state();
    });
    expect(after[1]).toEqual(after[0]);
  });
});

describe('the way to the phone', () => {
  it('is asked for once, where it is offered, for the rating on show', () => {
    const window = open();
    window.give({ type: 'connection', connected: true });
    for (const screen of [
      questionScreen(1),
      questionScreen(2, { canGoPrivate: true }),
      chipsScreen('high'),
    ]) {
      window.show(screen);
      window.wait(GUARD_MS);
      window.give({ type: 'private' });
      window.give({ type: 'private' });
    }
    const one = { type: 'private', rating: '0198c0de-0000-7000-8000-000000000001' };
    expect(window.sent).toEqual([one, one]);
  });
});

describe('at rest', () => {
  it('knows nothing of the rating before', () => {
    const window = asked();
    expect(window.state().rating).not.toBeNull();
    window.show(screens.rest);
    expect(window.state()).toMatchObject({ rating: null, awaited: null, marked: null, language: 'vi' });
  });

  it('takes somebody who is not served only where that is offered', () => {
    const window = open();
    window.give({ type: 'connection', connected: true });
    for (const screen of [screens.rest, full.closed, full.restWalkup]) {
      window.show(screen);
      window.wait(GUARD_MS);
      window.give({ type: 'walkup' });
    }
    expect(window.sent).toEqual([{ type: 'walkup' }]);
  });
});

describe('an officer’s key', () => {
  const login: KioskInput = { type: 'officer.login', staffCode: 'CB014', pin: '2468' };
  it('sends a PIN once and keeps nothing of it, also when the line is cut meanwhile', () => {
    const window = open();
    window.give({ type: 'connection', connected: true });
    window.show(pins.login);
    window.wait(GUARD_MS);
    window.give(login);
    window.give(login);
    expect(JSON.stringify(window.state())).not.toContain('2468');
    window.wait(20);
    window.give({ type: 'connection', connected: false });
    window.give({ type: 'connection', connected: true });
    window.show(pins.login);
    expect(window.sent).toEqual([login]);
    expect(window.state().awaited).toBeNull();
  });

  it('acts now or not at all', () => {
    const window = open();
    window.show(desks.rest);
    window.wait(GUARD_MS);
    window.give({ type: 'officer.act', act: { act: 'next' } });
    window.give({ type: 'connection', connected: true });
    window.show(desks.rest);
    expect(window.sent).toEqual([]);
    window.give({ type: 'officer.act', act: { act: 'next' } });
    expect(window.sent).toEqual([{ type: 'officer.act', act: { act: 'next' } }]);
    window.show(desks.refused);
    expect(window.state().awaited).toBeNull();
  });
});

describe('more than two languages', () => {
  const offered = ['vi', 'en', 'fr'] as const;
  it('are listed; a choice, a new page or ten seconds close the list', () => {
    const window = asked();
    window.give({ type: 'language', offered });
    expect(window.state()).toMatchObject({ language: 'vi', listSinceMs: expect.any(Number) });
    window.give({ type: 'language.choose', language: 'fr' });
    expect(window.state()).toMatchObject({ language: 'fr', listSinceMs: null });
    window.give({ type: 'language', offered });
    window.wait(LANGUAGE_LIST_MS);
    expect(window.state().listSinceMs).toBeNull();
    window.give({ type: 'language', offered });
    window.show(2);
    expect(window.state()).toMatchObject({ language: 'fr', listSinceMs: null });
  });
});
