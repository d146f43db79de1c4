/* The officer's keys at the device: what opens and what locks them, and that every key is answered by a screen. */
import { screenOf } from '@hailong/shared/counter/counter-screen.ts';
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { OfficerAct, Screen } from '@hailong/shared/protocol/ui.ts';
import { describe, expect, it } from 'vitest';
import type { PinAnswer } from '../../../kiosk-app/agent/application/check-pin.ts';
import type { RosterKeeper } from '../../../kiosk-app/agent/application/keep-roster.ts';
import { IDLE_MS, OfficerDesk } from '../../../kiosk-app/agent/application/open-desk.ts';
import { MemoryCounter, open, profile, start } from '../../support/counter-kit.ts';
import { countingIds, FakeTime, settled } from './fakes.ts';

function deskHere() {
  const time = new FakeTime();
  const counter = new MemoryCounter();
  counter.knowsPin = () => true;
  const screens: Screen[] = [];
  let answer: (given: PinAnswer | null) => void = () => {};
  let waitMs = 0;
  const state = { usable: true, online: false, needed: false, opened: 0, refused: null as ErrorCode | null };
  const roster = {
    get isUsable() {
      return state.usable;
    },
    named: (code: string) => (code === 'CB01' ? profile(1) : profile(2)),
  } as unknown as RosterKeeper;
  const desk: OfficerDesk = new OfficerDesk({
    ...{ clock: time, timers: time, ids: countingIds(), roster },
    pins: { check: () => new Promise((done) => (answer = done)), waitMs: () => waitMs },
    state: () => counter.state,
    act(act) {
      counter.mono = time.mono;
      const { effects } = counter.feed({ type: 'officer', act });
      for (const effect of effects) if (effect.kind === 'officer') desk.done(effect.code);
    },
    decline: () => void counter.feed({ type: 'officer.decline' }),
    setup: {
      isOffered: () => true,
      isNeeded: () => state.needed,
      open() {
        if (state.refused === null) state.opened += 1;
        return state.refused;
      },
    },
    changed: () => void screens.push(now()),
  });
  const now = (): Screen =>
    screenOf(counter.state, {
      ...{ mono: time.mono, online: state.online, canStore: true, closed: false, hasBlob: () => true },
      ...{ config: { office: {}, counter: {} } as never, ticketOf: () => null, desk: desk.view() },
    });
  return {
    ...{ desk, counter, time, screens, now, state },
    online(online: boolean) {
      state.online = online;
      desk.setOnline(online);
    },
    unusable: () => (state.usable = false),
    act: (act: OfficerAct) => desk.hear({ type: 'officer.act', act }),
    async login(code: string, given: PinAnswer, wait = 0) {
      desk.hear({ type: 'officer.login', staffCode: code, pin: '2468' });
      waitMs = wait;
      answer(given);
      await settled();
    },
    start: (code: string) => desk.hear({ type: 'officer.login', staffCode: code, pin: '2468' }),
    async answer(given: PinAnswer | null) {
      answer(given);
      await settled();
    },
  };
}
const right = (n: number): PinAnswer => ({ ok: true, profile: profile(n) });
const wrong: PinAnswer = { ok: false, code: 'kiosk.pin_wrong' };
const keysOf = (screen: Screen) => ('officerKeys' in screen ? (screen.officerKeys ?? null) : null);

async function opened() {
  const here = deskHere();
  here.desk.hear({ type: 'officer.ask' });
  await here.login('CB01', right(1));
  expect(keysOf(here.now())).not.toBeNull();
  return here;
}

describe('the officer’s keys', () => {
  it('are offered while the hub is away and somebody can log in, and lead to the PIN', () => {
    const here = deskHere();
    expect(here.now()).toMatchObject({ name: 'closed', pinOffered: true });
    here.online(true);
    expect(here.now().name === 'closed' && here.now()).not.toMatchObject({ pinOffered: true });
    here.desk.hear({ type: 'officer.ask' });
    expect(here.now().name).toBe('closed');
    here.online(false);
    here.desk.hear({ type: 'officer.ask' });
    expect(here.now()).toMatchObject({ name: 'pin', why: 'login', whom: null });
    here.desk.hear({ type: 'officer.lock' });
    here.unusable();
    expect(here.now()).not.toMatchObject({ pinOffered: true });
  });

  it('answer by a screen each time, also when it is the same one', async () => {
    const here = deskHere();
    here.desk.hear({ type: 'officer.ask' });
    for (const times of [2, 3, 4]) {
      await here.login('CB01', wrong);
      expect(here.screens).toHaveLength(times);
      expect(here.screens.at(-1)).toMatchObject({ name: 'pin', problem: 'kiosk.pin_wrong' });
    }
    await here.login('CB01', right(1));
    for (const code of ['?', '?']) here.act({ act: 'next', code });
    expect(here.screens.slice(-2).map((screen) => keysOf(screen)?.problem)).toEqual([
      ...['request.invalid', 'request.invalid'],
    ]);
    here.act({ act: 'finish', outcome: 'completed' });
    expect(keysOf(here.screens.at(-1)!)?.problem).toBe('intent.unknown_transaction');
    here.act({ act: 'next', code: 'A012', stage: 'return' });
    expect(here.screens.at(-1)).toMatchObject({ name: 'serving', queueNumber: 'A012' });
    expect(here.counter.of('transaction.opened').map(({ stage }) => stage)).toEqual(['return']);
  });

  it('lock after two minutes without a press, by their key, by a pause and by a log-out', async () => {
    const idle = await opened();
    await idle.time.pass(IDLE_MS - 1);
    idle.act({ act: 'next' });
    await idle.time.pass(IDLE_MS - 1);
    expect(keysOf(idle.now())).not.toBeNull();
    await idle.time.pass(1);
    expect(keysOf(idle.now())).toBeNull();
    idle.act({ act: 'finish', outcome: 'completed' });
    expect(idle.counter.of('transaction.finished')).toEqual([]);
    // The duty goes on.
    expect(idle.now().name).toBe('serving');

    const ends: ((here: Awaited<ReturnType<typeof opened>>) => void)[] = [
      (here) => here.desk.hear({ type: 'officer.lock' }),
      (here) => here.act({ act: 'pause', reason: 'lunch' }),
      (here) => here.act({ act: 'logout' }),
      (here) => here.online(true),
    ];
    for (const end of ends) {
      const here = await opened();
      end(here);
      here.act({ act: 'next' });
      expect(here.counter.of('transaction.opened')).toEqual([]);
    }
  });

  it('do not open by an answer that comes late: after the hub’s return, or when whoever asked has gone', async () => {
    for (const leave of ['online', 'lock'] as const) {
      const here = deskHere();
      here.desk.hear({ type: 'officer.ask' });
      here.start('CB01');
      if (leave === 'online') here.online(true);
      else here.desk.hear({ type: 'officer.lock' });
      await here.answer(right(1));
      expect(here.counter.of('duty.started')).toEqual([]);
      expect(keysOf(here.now())).toBeNull();
    }
  });

  it('lead to the set-up of the panel, which locks them; refused, they say why', async () => {
    const here = await opened();
    expect(keysOf(here.now())).toMatchObject({ panel: true });
    here.state.refused = 'intent.busy';
    here.act({ act: 'panel' });
    expect(keysOf(here.now())).toMatchObject({ problem: 'intent.busy' });
    here.state.refused = null;
    here.act({ act: 'panel' });
    expect([here.state.opened, keysOf(here.now())]).toEqual([1, null]);
  });

  it('stay away while the hub is there; the PIN then opens the set-up of a panel that is away, and nothing else', async () => {
    const here = deskHere();
    here.counter.feed({ type: 'intent', intent: start(1), expiresInMs: 60_000 });
    here.online(true);
    here.desk.hear({ type: 'officer.ask' });
    expect(here.now().name).toBe('rest');
    here.state.needed = true;
    expect(here.now()).toMatchObject({ name: 'rest', pinOffered: true });
    here.desk.hear({ type: 'officer.ask' });
    expect(here.now()).toMatchObject({ name: 'pin', why: 'panel', whom: null });
    await here.login('CB02', wrong);
    expect(here.state.opened).toBe(0);
    await here.login('CB02', right(2));
    expect([here.state.opened, here.now().name, keysOf(here.now())]).toEqual([1, 'rest', null]);
    expect(here.counter.of('duty.started')).toHaveLength(1);
    // Whoever is served has the counter: the page of the PIN gives way, and is not offered.
    here.desk.hear({ type: 'officer.ask' });
    here.counter.feed({ type: 'intent', intent: open(1), expiresInMs: 60_000 });
    expect(here.now().name).toBe('serving');
    here.desk.hear({ type: 'officer.lock' });
    expect(here.now()).not.toMatchObject({ pinOffered: true });
  });

  it('stay locked when the PIN was for a request of the hub, which only the named officer answers', async () => {
    const here = deskHere();
    here.online(true);
    here.counter.intent(start(1));
    here.counter.intent(open(1, { officerCode: 'CB02' }), 60_000);
    expect(here.now()).toMatchObject({ name: 'pin', why: 'other-officer', whom: { code: 'CB02' } });
    here.start('CB01');
    await here.answer(right(1));
    expect(here.counter.of('duty.started')).toHaveLength(1);
    await here.login('CB02', right(2));
    expect(here.counter.of('transaction.opened')).toMatchObject([{ officerCode: 'CB02' }]);
    expect([here.now().name, keysOf(here.now())]).toEqual(['serving', null]);

    const other = deskHere();
    other.counter.intent(start(1));
    other.counter.intent(open(1, { officerCode: 'CB02' }), 60_000);
    other.desk.hear({ type: 'officer.lock' });
    expect(other.counter.of('intent.refused')).toMatchObject([{ code: 'intent.other_officer' }]);
  });
});
