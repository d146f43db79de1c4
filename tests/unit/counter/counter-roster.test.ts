/* Whom the hub does not name any more: off the screen and off duty in one step, without a trace in an open prompt. */
import { screenOf } from '@hailong/shared/counter/counter-screen.ts';
import type { OfficerProfile } from '@hailong/shared/model/directory.ts';
import { describe, expect, it } from 'vitest';
import { finish, HWID, MemoryCounter, open, pause, profile, start } from '../../support/counter-kit.ts';

const screen = (counter: MemoryCounter) =>
  screenOf(counter.state, {
    ...{ mono: counter.mono, online: true, canStore: true, closed: false, hasBlob: () => true },
    ...{ config: { office: {}, counter: {} } as never, ticketOf: () => null },
  });
const roster = (counter: MemoryCounter, ...officers: OfficerProfile[]) =>
  counter.feed({ type: 'roster', officers });

function onDuty(): MemoryCounter {
  const counter = new MemoryCounter();
  counter.feed({ type: 'panel', hwid: HWID });
  counter.intent(start(1));
  return counter;
}

describe('a roster', () => {
  it('changes nothing for whoever is on it, and brings a newer profile', () => {
    const counter = onDuty();
    expect(roster(counter, profile(2), profile(1)).events).toEqual([]);
    expect(screen(counter).name).toBe('rest');
    const renamed = { ...profile(1), name: 'Tên mới', revision: 2 };
    expect(roster(counter, renamed).events).toEqual([]);
    expect(screen(counter)).toMatchObject({ name: 'rest', officer: { name: 'Tên mới' } });
  });

  it('without the officer ends the duty and drops the profile in the same step, also while paused', () => {
    for (const isPaused of [false, true]) {
      const counter = onDuty();
      if (isPaused) counter.intent(pause(1));
      const step = roster(counter, profile(2));
      expect(step.events).toMatchObject([{ type: 'duty.ended', intent: null, reason: 'logout' }]);
      expect(step.state.duty).toBeNull();
      expect(JSON.stringify(step.state)).not.toContain(profile(1).name);
      expect(screen(counter).name).toBe('closed');
      expect(roster(counter).events).toEqual([]);
    }
  });

  it('lets an open prompt go on to its fixed time, the same at every level and without an answer', () => {
    const seen = new Set<string>();
    for (const level of [null, 1, 2, 3, 4, 5] as const) {
      const [counter, other] = [onDuty(), onDuty()];
      for (const each of [counter, other]) {
        each.intent(open(1));
        each.intent(finish(1));
        if (level !== null) each.tap(level);
      }
      const { closesAtMono } = counter.state.rating!;
      const step = roster(counter);
      seen.add(step.events.map(({ type }) => type).join());
      const [shown, without] = [screen(counter), screen(other)];
      expect(shown.name).toBe('question');
      expect(Object.keys(shown)).toEqual(Object.keys(without));
      expect(counter.state.rating!.closesAtMono).toBe(closesAtMono);
      counter.close();
      expect(counter.types().slice(-1)).toEqual(['rating.closed']);
      expect(counter.of('rating.closed')).toMatchObject([{ reason: 'timed' }]);
      expect(screen(counter).name).toBe('closed');
      expect(counter.facts().violations).toEqual([]);
    }
    expect([...seen]).toEqual(['duty.ended']);
  });

  it('asks whoever is being served as after any other service', () => {
    const counter = onDuty();
    counter.intent(open(1));
    const { events } = roster(counter);
    expect(events.map(({ type }) => type)).toEqual([
      ...['transaction.finished', 'rating.opened', 'question.asked', 'duty.ended'],
    ]);
    expect(screen(counter).name).toBe('question');
  });

  it('refuses a log-in that waits behind a prompt, and lets another one begin', () => {
    const counter = onDuty();
    counter.intent(open(1));
    counter.intent(finish(1));
    counter.intent(start(2));
    counter.intent(start(3));
    roster(counter, profile(1), profile(3));
    expect(counter.of('intent.refused')).toMatchObject([{ code: 'intent.no_duty' }]);
    counter.close();
    expect(counter.state.duty).toMatchObject({ officerCode: 'CB03' });
  });

  it('stays obeyed over a restart', () => {
    const counter = onDuty();
    roster(counter);
    counter.feed({ type: 'restart', bootId: counter.state.bootId });
    expect(screen(counter).name).toBe('closed');
    expect(counter.of('duty.ended')).toHaveLength(1);
  });
});
