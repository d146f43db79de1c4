/* What an agent says of its window: the shell's word, the last frame's age, and when the hub is told at once. */
import { windowHealth } from '@hailong/shared/model/device-health.ts';
import type { ShellWord } from '@hailong/shared/protocol/ui.ts';
import { expect, test } from 'vitest';
import { WindowNotes } from '../../../kiosk-app/agent/application/note-window.ts';

function open() {
  let now = 1_000;
  let said = 0;
  const notes = new WindowNotes({ now: () => now, changed: () => void said++ });
  const word = (restarts: number): ShellWord => ({
    ...{ type: 'shell', shell: 'chromium', version: 'Chrome/150.0', restarts },
  });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { notes, word, said: () => said, pass };
}

test('nothing is said of a window that never was', () => {
  expect(open().notes.health()).toBeNull();
});

test('a page without a shell is told from one that is kept', () => {
  const { notes, word, pass } = open();
  notes.beat('rest');
  pass(1_200.4);
  expect(windowHealth.parse(notes.health())).toEqual({
    ...{ shell: 'none', version: null, restarts: 0, shown: { screen: 'rest', agoMs: 1_200 } },
  });
  notes.shell(word(2));
  expect(notes.health()).toMatchObject({ shell: 'chromium', version: 'Chrome/150.0', restarts: 2 });
  notes.shell(null);
  expect(notes.health()).toMatchObject({ shell: 'none', shown: { screen: 'rest' } });
});

test('a shell whose page never drew says so', () => {
  const { notes, word } = open();
  notes.shell(word(0));
  expect(windowHealth.parse(notes.health()).shown).toBeNull();
});

test('how long a page has been connected, over one that comes beside it, and from the beginning once all had gone', () => {
  const { notes, pass } = open();
  notes.connected(1);
  pass(5_000);
  notes.connected(2);
  notes.connected(1);
  pass(1_000);
  expect(windowHealth.parse(notes.health())).toMatchObject({ shown: null, connectedMs: 6_000 });
  notes.connected(0);
  expect(notes.health()).toBeNull();
  notes.connected(1);
  pass(20);
  expect(notes.health()).toMatchObject({ connectedMs: 20 });
});

test('a restart is told at once, a frame is not', () => {
  const { notes, word, said } = open();
  notes.shell(word(0));
  notes.shell(word(0));
  notes.beat('rest');
  for (let frame = 0; frame < 60; frame++) notes.beat('question');
  expect(said()).toBe(2);
  notes.shell(word(1));
  expect(said()).toBe(3);
});
