/* A reload asked from afar: at once while nobody is there, after the question otherwise, and never twice for one. */
import type { AgentToWindow, Screen } from '@hailong/shared/protocol/ui.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ScreenReload } from '../../../kiosk-app/agent/application/reload-screen.ts';
import { chipsScreen, desks, phone, pins, questionScreen, screens } from '../../support/kiosk-screens.ts';

function open() {
  const happened: string[] = [];
  const windows = {
    count: 1,
    broadcast: (message: AgentToWindow) =>
      void happened.push(message.type === 'screen' ? message.screen.name : message.type),
    reload: () => void happened.push('reload'),
  };
  let said = 0;
  const reload = new ScreenReload({ windows, changed: () => void said++ });
  let revision = 0;
  const show = (screen: Screen) => reload.broadcast({ type: 'screen', revision: ++revision, screen });
  return { reload, show, happened, said: () => said };
}

const chips = chipsScreen('low');
const way = phone.page;
const asked: readonly Screen[] = [questionScreen(1), questionScreen(2), chips, way, screens.thanks];
const free: readonly Screen[] = [screens.rest, screens.closed, screens.starting, screens.serving];

test('at rest, closed, before anything is known and while somebody is served it is done at once', () => {
  for (const screen of free) {
    const { reload, show, happened } = open();
    show(screen);
    reload.ask();
    expect(happened).toEqual([screen.name, 'reload']);
    expect(reload.health()).toEqual({ isWaiting: false, done: 1 });
  }
});

test('a citizen’s question is waited for to its end, and so is what follows it', () => {
  const { reload, show, happened, said } = open();
  show(questionScreen(1));
  reload.ask();
  reload.ask();
  expect(reload.health()).toEqual({ isWaiting: true, done: 0 });
  expect(said()).toBe(1);
  for (const screen of [questionScreen(2), chips, way, screens.thanks]) show(screen);
  expect(happened).not.toContain('reload');
  show(screens.rest);
  expect(happened.slice(-2)).toEqual(['rest', 'reload']);
  expect(reload.health()).toEqual({ isWaiting: false, done: 1 });
  show(screens.serving);
  expect(happened.filter((each) => each === 'reload')).toHaveLength(1);
});

test('an officer’s keys, a PIN and the offer of a code are waited for', () => {
  const busy: readonly Screen[] = [desks.rest, desks.serving, phone.offer, phone.cannotStore, pins.login];
  for (const screen of busy) {
    const { reload, show, happened } = open();
    show(screen);
    reload.ask();
    expect(happened).not.toContain('reload');
    show(screens.rest);
    expect(happened.at(-1)).toBe('reload');
  }
});

test('whatever the screens and whenever it is asked: never over a question, once a wish, and always in the end', () => {
  const step = fc.oneof(
    fc.constantFrom(...asked, ...free).map((screen) => ({ screen })),
    fc.constant({ screen: null }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { reload, show, happened } = open();
      let [wishes, shown] = [0, null as Screen | null];
      for (const { screen } of steps) {
        const before = happened.length;
        if (screen) {
          show(screen);
          shown = screen;
        } else {
          if (!reload.health().isWaiting) wishes += 1;
          reload.ask();
        }
        if (happened.slice(before).includes('reload'))
          expect(shown === null || free.includes(shown)).toBe(true);
      }
      show(screens.rest);
      expect(happened.filter((each) => each === 'reload')).toHaveLength(wishes);
      expect(reload.health()).toEqual({ isWaiting: false, done: wishes });
    }),
  );
});
