/* What a window says reaches the counter, or the officer's desk. */
import type { AgentToWindow } from '@hailong/shared/protocol/ui.ts';
import { windowToAgent } from '@hailong/shared/protocol/ui.ts';
import { expect, test } from 'vitest';
import { hearWindow } from '../../../kiosk-app/agent/application/hear-window.ts';
import type { FromWindow } from '../../../kiosk-app/agent/application/ports.ts';

const [press, rating] = ['0198c0de-0000-7000-8000-000000000001', '0198c0de-0000-7000-8000-000000000002'];
const say = (message: unknown) => {
  const fed: unknown[] = [];
  const answers: AgentToWindow[] = [];
  const heard = windowToAgent.parse(message) as FromWindow;
  const desk: unknown[] = [];
  const woken: string[] = [];
  const set: unknown[] = [];
  hearWindow(
    { feed: (input) => void fed.push(input) },
    { hear: (one) => void desk.push(one) },
    heard,
    (answer) => void answers.push(answer),
    { wake: () => void woken.push(heard.type) },
    {
      hear: (one) => void set.push(one),
      stir: () => void set.push('stir'),
      leave: () => void set.push('leave'),
    },
  );
  return { fed, desk, answers, ...(set.length > 0 ? { set } : {}), ...(woken.length > 0 ? { woken } : {}) };
};

test('touches of the question and of the serving screen are the counter’s', () => {
  for (const message of [
    { type: 'tap', press, rating, askTicket: 7, level: 3 },
    { type: 'skip', rating, askTicket: 7 },
    { type: 'correct', rating: null },
    { type: 'citizen.open' },
    { type: 'walkup' },
    { type: 'private', rating },
    { type: 'chips', press, rating, askTicket: 7, chips: ['cho001'] },
  ])
    expect(say(message)).toEqual({ fed: [message], desk: [], answers: [] });
});

test('an officer’s presses are the desk’s, and never the counter’s by themselves', () => {
  for (const message of [
    { type: 'officer.ask' },
    { type: 'officer.login', staffCode: 'CB014', pin: '1234' },
    { type: 'officer.act', act: { act: 'finish', outcome: 'no_show', reason: 'khong_co_mat' } },
    { type: 'officer.lock' },
  ])
    expect(say(message)).toEqual({ fed: [], desk: [message], answers: [] });
});

test('a touch of the dark screen lights it, and does nothing else', () => {
  expect(say({ type: 'wake' })).toEqual({ fed: [], desk: [], answers: [], woken: ['wake'] });
});

test('what is done on the set-up page is the set-up’s alone', () => {
  const nothing = { fed: [], desk: [], answers: [] };
  const choice = { type: 'try', config: { family: 'cpp1' } };
  expect(say({ type: 'setup', choice })).toEqual({ ...nothing, set: [choice] });
  expect(say({ type: 'setup.stir' })).toEqual({ ...nothing, set: ['stir'] });
  expect(say({ type: 'setup.leave' })).toEqual({ ...nothing, set: ['leave'] });
});
