/* An officer at the device itself: the acts of the station without an intent, and an opening that waits for a PIN. */
import { screenOf } from '@hailong/shared/counter/counter-screen.ts';
import type { OfficerInput } from '@hailong/shared/counter/counter-state.ts';
import type { DutyId, TransactionId } from '@hailong/shared/ids.ts';
import type { Outcome } from '@hailong/shared/model/transaction.ts';
import { describe, expect, it } from 'vitest';
import { end, finish, id, MemoryCounter, open, pause, profile, start } from '../../support/counter-kit.ts';

const CLOSE_MS = 30_000;
const counterHere = (): MemoryCounter => {
  const counter = new MemoryCounter();
  counter.knowsPin = (code) => code !== 'CB03';
  return counter;
};
/** What the act is answered. */
function act(counter: MemoryCounter, input: OfficerInput): string | null {
  const answers = counter
    .feed({ type: 'officer', act: input })
    .effects.filter(({ kind }) => kind === 'officer');
  expect(answers).toHaveLength(1);
  return (answers[0] as { code: string | null }).code;
}
const login = (counter: MemoryCounter, n: number) =>
  act(counter, { act: 'login', duty: id<DutyId>('5', 900 + counter.events.length), profile: profile(n) });
const next = (counter: MemoryCounter, n: number) =>
  act(counter, {
    ...{ act: 'next', transaction: id<TransactionId>('7', n), dossierCodes: [`H21-${n}.000`] },
    ...{ queueNumber: null, stage: 'return' },
  });
const answered = (counter: MemoryCounter) => counter.of('intent.refused').map(({ code }) => code);

describe('an officer at the device', () => {
  it('serves by PIN: every outcome counts on the officer, and no fact carries an intent', () => {
    const counter = counterHere();
    expect(login(counter, 2)).toBeNull();
    const outcomes: Outcome[] = ['completed', 'supplement', 'refused', 'no_show', 'test', 'accident'];
    for (const [n, outcome] of outcomes.entries()) {
      expect(next(counter, n + 1)).toBeNull();
      expect(act(counter, { act: 'finish', outcome, reason: 'goi_ba_lan' })).toBeNull();
      counter.close();
    }
    expect(act(counter, { act: 'pause', reason: 'lunch' })).toBeNull();
    expect(next(counter, 50)).toBe('intent.paused');
    expect(login(counter, 2)).toBeNull();
    expect(act(counter, { act: 'logout' })).toBeNull();
    expect(counter.of('duty.started')).toMatchObject([{ via: 'pin', intent: null, officerCode: 'CB02' }]);
    expect(counter.of('duty.resumed')).toMatchObject([{ via: 'pin', intent: null }]);
    expect(counter.of('duty.ended')).toMatchObject([{ reason: 'logout', intent: null }]);
    const opened = counter.of('rating.opened');
    expect(new Set(opened.map(({ officerCode }) => officerCode))).toEqual(new Set(['CB02']));
    expect(opened.map(({ prompt }) => prompt ?? true)).toEqual([true, true, true, false, false, false]);
    expect(counter.of('transaction.finished').map(({ reason }) => reason)).toEqual([
      ...[undefined, undefined, undefined, 'goi_ba_lan', 'goi_ba_lan', 'goi_ba_lan'],
    ]);
    expect(counter.marks.size).toBe(0);
    expect(counter.facts().violations).toEqual([]);
  });

  it('is refused what would have to wait, and what an intent would be refused for', () => {
    const counter = counterHere();
    expect(next(counter, 1)).toBe('intent.no_duty');
    expect(act(counter, { act: 'finish', outcome: 'completed' })).toBe('intent.unknown_transaction');
    expect(act(counter, { act: 'pause', reason: 'away' })).toBe('intent.no_duty');
    counter.intent(start(1));
    counter.intent(open(1));
    // Somebody is served: nobody takes over, and the one on duty goes on.
    expect([login(counter, 2), login(counter, 1), next(counter, 2)]).toEqual([
      'intent.busy',
      null,
      'intent.busy',
    ]);
    counter.intent(finish(1));
    expect([login(counter, 2), next(counter, 2)]).toEqual(['intent.busy', 'intent.busy']);
    counter.close();
    expect([login(counter, 2), next(counter, 2)]).toEqual([null, null]);
    expect(counter.of('duty.ended')).toMatchObject([{ reason: 'handover' }]);
    counter.service = { closed: 'device.suspended', handover: null };
    expect(act(counter, { act: 'finish', outcome: 'completed' })).toBeNull();
    expect(login(counter, 1)).toBe('device.suspended');
    expect(counter.facts().violations).toEqual([]);
  });

  it('confirms the duty after a boot: until then nothing opens', () => {
    const counter = counterHere();
    login(counter, 1);
    next(counter, 1);
    counter.restart('boot-2');
    expect(counter.of('duty.ended')).toMatchObject([{ reason: 'reboot' }]);
    expect(next(counter, 2)).toBe('intent.no_duty');
    expect([login(counter, 1), next(counter, 2)]).toEqual([null, null]);
  });

  it('needs a reason where the office has a list, like an intent', () => {
    const counter = counterHere();
    const name = { vi: 'Gọi ba lần', en: 'Called three times' };
    counter.rules = { ...counter.rules!, reasons: [{ key: 'goi_ba_lan', outcome: 'no_show', name }] };
    login(counter, 1);
    next(counter, 1);
    expect(act(counter, { act: 'finish', outcome: 'no_show' })).toBe('intent.reason_needed');
    expect(counter.state.serving).not.toBeNull();
    expect(act(counter, { act: 'finish', outcome: 'no_show', reason: 'goi_ba_lan' })).toBeNull();
  });
});

describe('an opening that names another officer', () => {
  const aside = (counter: MemoryCounter) => counter.state.aside?.intent.intentId ?? null;
  const named = (n: number, officer: number) => open(n, { officerCode: `CB0${officer}` });

  it('waits for that officer’s PIN, which hands over and opens it', () => {
    const counter = counterHere();
    counter.intent(start(1));
    const asked = named(7, 2);
    counter.intent(asked);
    counter.intent(finish(7));
    expect([aside(counter), answered(counter)]).toEqual([asked.intentId, []]);
    // The same intent once more is answered by nothing: it waits.
    expect(counter.intent(asked).effects).toEqual([]);
    expect(login(counter, 2)).toBeNull();
    expect(counter.types().slice(1)).toEqual([
      ...['duty.ended', 'duty.started', 'transaction.opened', 'transaction.finished'],
      ...['rating.opened', 'question.asked'],
    ]);
    expect(counter.of('transaction.opened')).toMatchObject([{ officerCode: 'CB02', intent: asked.intentId }]);
    expect(aside(counter)).toBeNull();
  });

  it('is refused at its time, by whoever declines, by a boot and by a roster, and its finish with it', () => {
    const ends: [string, (counter: MemoryCounter) => void][] = [
      [
        'intent.other_officer',
        (c) => {
          c.mono += CLOSE_MS;
          c.feed({ type: 'wake' });
        },
      ],
      ['intent.other_officer', (c) => void c.feed({ type: 'officer.decline' })],
      ['intent.other_officer', (c) => void c.feed({ type: 'roster', officers: [profile(1)] })],
      ['intent.expired', (c) => void c.restart('boot-2')],
    ];
    for (const [code, ending] of ends) {
      const counter = counterHere();
      counter.intent(start(1));
      counter.intent(named(7, 2), CLOSE_MS);
      counter.intent(finish(7), 2 * CLOSE_MS);
      ending(counter);
      expect(answered(counter).slice(0, 1)).toEqual([code]);
      expect(aside(counter)).toBeNull();
      expect(counter.state.waiting).toEqual([]);
      expect(counter.of('transaction.opened')).toEqual([]);
    }
  });

  it('stays over a restart, holds nobody up, and is one at most', () => {
    const counter = counterHere();
    counter.intent(start(1));
    counter.intent(named(7, 2));
    counter.intent(named(8, 2));
    expect(answered(counter)).toEqual(['intent.other_officer']);
    counter.restart();
    expect(aside(counter)).not.toBeNull();
    counter.intent(open(9));
    expect(counter.of('transaction.opened')).toMatchObject([{ officerCode: 'CB01' }]);
    // While somebody is served nobody takes over; afterwards it is still asked for.
    expect(login(counter, 2)).toBe('intent.busy');
    counter.intent(finish(9));
    counter.close();
    expect(login(counter, 2)).toBeNull();
    expect(counter.of('transaction.opened')).toMatchObject([{}, { officerCode: 'CB02' }]);
  });

  it('is refused at once where no PIN of that officer can be checked, or somebody is served', () => {
    const counter = counterHere();
    counter.intent(start(1));
    counter.intent(named(7, 3));
    counter.intent(open(1));
    counter.intent(named(8, 2));
    expect(answered(counter)).toEqual(['intent.other_officer', 'intent.other_officer']);
  });

  it('is asked for on a page of its own, and never over a citizen’s question', () => {
    const counter = counterHere();
    const whom = { code: 'CB02', name: 'Cán bộ 2', position: 'Chuyên viên' };
    const shown = () =>
      screenOf(counter.state, {
        ...{ mono: counter.mono, online: true, canStore: true, closed: false, hasBlob: () => true },
        ...{ config: { office: {}, counter: {} } as never, ticketOf: () => null },
        desk: {
          ...{ pinOffered: false, asks: null, waitMs: 0, problem: null, keys: null, named: () => whom },
        },
      });
    counter.intent(start(1));
    counter.intent(named(7, 2));
    expect(shown()).toMatchObject({ name: 'pin', why: 'other-officer', whom });
    counter.intent(open(1));
    expect(shown().name).toBe('serving');
    counter.intent(finish(1));
    expect(shown().name).toBe('question');
    counter.close();
    expect(shown().name).toBe('pin');
    counter.intent(pause(1));
    expect(shown().name).toBe('pin');
    counter.intent(end());
    expect(shown().name).toBe('pin');
    counter.feed({ type: 'officer.decline' });
    expect(shown().name).toBe('closed');
  });
});
