/* The rules of one counter, one sentence each. */
import { nextWake, wantedArm } from '@hailong/shared/counter/counter-machine.ts';
import { screenOf } from '@hailong/shared/counter/counter-screen.ts';
import { intentContent, SERVING, WAITING_MAX } from '@hailong/shared/counter/counter-state.ts';
import type { HandoverId, Sha256Hex } from '@hailong/shared/ids.ts';
import { describe, expect, it } from 'vitest';
import {
  end,
  FORM,
  finish,
  HWID,
  id,
  MemoryCounter,
  open,
  pause,
  resume,
  start,
} from '../../support/counter-kit.ts';

const config = {
  office: { name: 'Trung tâm', place: 'Hà Nội', phone: '', retentionDays: 30 },
  counter: { id: 'c', number: '5', name: 'Quầy 5', unitId: 'u', active: true },
} as never;
const seen = (counter: MemoryCounter) => ({
  mono: counter.mono,
  online: true,
  canStore: true,
  closed: false,
  hasBlob: () => true,
  config,
  ticketOf: () => null,
});
const screen = (counter: MemoryCounter) => screenOf(counter.state, seen(counter));

function prompted(): MemoryCounter {
  const counter = new MemoryCounter();
  counter.feed({ type: 'panel', hwid: HWID });
  counter.intent(start(1));
  counter.intent(open(1));
  counter.intent(finish(1));
  return counter;
}

describe('one transaction', () => {
  it('goes from duty to a closed rating, with overall and the criteria of the stage', () => {
    const counter = prompted();
    expect(screen(counter).name).toBe('question');
    counter.press(1);
    counter.tap(4);
    counter.press(2);
    expect(screen(counter).name).toBe('thanks');
    counter.mono += FORM.thanksMs;
    expect(screen(counter).name).toBe('rest');
    counter.close();
    expect(counter.types()).toEqual([
      'duty.started',
      'transaction.opened',
      'transaction.finished',
      'rating.opened',
      'question.asked',
      'rating.voted',
      'question.asked',
      'rating.voted',
      'question.asked',
      'rating.voted',
      'rating.closed',
    ]);
    expect(counter.of('question.asked').map((each) => [each.question, each.attempt, each.hwid])).toEqual([
      ['overall', 1, HWID],
      ['attitude', 1, HWID],
      ['quality', 1, HWID],
    ]);
    expect(counter.of('rating.voted').map((each) => each.level)).toEqual([5, 4, 4]);
    expect(counter.facts().violations).toEqual([]);
  });

  it('freezes officer, duty and unit in rating.opened', () => {
    const counter = prompted();
    counter.intent(end(1));
    counter.intent(start(2));
    const [opened] = counter.of('rating.opened');
    expect(opened).toMatchObject({ officerCode: 'CB01', openedBy: 'officer', closeAfterMs: 30_000 });
    expect(counter.types().slice(-1)).toEqual(['duty.ended']);
    counter.close();
    expect(counter.types().slice(-2)).toEqual(['rating.closed', 'duty.started']);
  });

  it('closes at the fixed time whatever was answered', () => {
    for (const answers of [0, 1, 3]) {
      const counter = prompted();
      for (let i = 0; i < answers; i++) {
        counter.mono += 1_500;
        counter.tap(1);
      }
      expect(counter.state.rating?.closesAtMono).toBe(1_000 + FORM.closeAfterMs);
    }
  });

  it('asks clarity criteria only at their stage', () => {
    const counter = new MemoryCounter();
    counter.intent(start(1));
    counter.intent(open(1, { stage: 'reception' }));
    counter.intent(finish(1));
    expect(counter.state.rating?.questions).toEqual(['overall', 'attitude']);
  });

  it.each(['no_show', 'test', 'accident'] as const)('%s opens the private route only', (outcome) => {
    const counter = new MemoryCounter();
    counter.intent(start(1));
    counter.intent(open(1));
    counter.intent(finish(1, outcome));
    expect(counter.of('rating.opened')).toMatchObject([{ prompt: false, closeAfterMs: 0 }]);
    expect(counter.state.rating).toBeNull();
    expect(counter.effects.map((each) => each.kind)).not.toContain('opened');
    expect(screen(counter).name).toBe('rest');
  });

  it('gives every rating an id of its own when several open in one step', () => {
    const counter = prompted();
    for (const n of [2, 3, 4]) {
      counter.intent(open(n));
      counter.intent(finish(n, 'no_show'));
    }
    counter.close();
    const opened = counter.of('rating.opened').map((each) => each.rating);
    expect([opened.length, new Set(opened).size]).toEqual([4, 4]);
    expect(counter.facts().violations).toEqual([]);
  });

  it('binds one slip of the pool to each rating; its code stays out of the chain', () => {
    const counter = new MemoryCounter();
    const slips = ['K7QF', 'P3WX', 'M2ND'].map((code) => ({ code, hash: code.padEnd(64, '0') as Sha256Hex }));
    counter.feed({ type: 'slips', slips: slips.slice(0, 2) });
    counter.intent(start(1));
    counter.intent(open(1));
    counter.intent(finish(1));
    expect(counter.state.rating?.slip).toBe('K7QF');
    // Sent again by a hub that does not know yet: neither the used one nor the held one is taken twice.
    counter.feed({ type: 'slips', slips });
    counter.close();
    for (const n of [2, 3, 4]) {
      counter.intent(open(n));
      counter.intent(finish(n, n === 2 ? 'no_show' : 'completed'));
      counter.close();
    }
    expect(counter.of('rating.opened').map((each) => each.slip)).toEqual([
      ...slips.map((each) => each.hash),
      undefined,
    ]);
    expect(JSON.stringify(counter.events)).not.toMatch(/"K7QF"|"P3WX"|"M2ND"/);
  });

  it('forgets its codes at a start: a disk that was set back does not know whose papers they are on', () => {
    const counter = new MemoryCounter();
    counter.feed({ type: 'slips', slips: [{ code: 'K7QF', hash: 'K7QF'.padEnd(64, '0') as Sha256Hex }] });
    counter.intent(start(1));
    counter.feed({ type: 'restart', bootId: counter.state.bootId });
    counter.intent(open(1));
    counter.intent(finish(1));
    expect(counter.of('rating.opened').map((each) => each.slip)).toEqual([undefined]);
  });
});

describe('standing', () => {
  const handover = id<HandoverId>('e', 1);

  it.each(['device.suspended', 'device.superseded'] as const)(
    '%s: opens nothing, an open prompt goes on',
    (closed) => {
      const counter = prompted();
      counter.service = { closed, handover: null };
      counter.feed({ type: 'service' });
      counter.tap(4);
      expect(counter.of('rating.voted')).toHaveLength(1);
      counter.close();
      counter.intent(open(2));
      counter.intent(start(2));
      expect(counter.of('intent.refused').map((each) => each.code)).toEqual([closed, closed]);
      expect(screenOf(counter.state, { ...seen(counter), closed: true }).name).toBe('closed');
      counter.service = SERVING;
      counter.feed({ type: 'service' });
      counter.intent(open(3));
      expect(counter.state.serving).not.toBeNull();
    },
  );

  it('what is served when it comes is finished without a prompt', () => {
    const counter = new MemoryCounter();
    counter.intent(start(1));
    counter.intent(open(1));
    counter.service = { closed: 'device.suspended', handover: null };
    counter.feed({ type: 'citizen.open' });
    expect(counter.state.serving).not.toBeNull();
    counter.intent(finish(1));
    expect(counter.of('rating.opened')).toMatchObject([{ prompt: false }]);
  });

  it('revoked: closes at once, thanks nobody, keeps what the panel sends as late', () => {
    const counter = prompted();
    const { askTicket } = counter.of('question.asked')[0]!;
    counter.service = { closed: 'device.revoked', handover: null };
    counter.tap(5);
    counter.press(1, { askTicket });
    expect(counter.of('rating.closed')).toMatchObject([{ reason: 'interrupted' }]);
    expect(counter.of('press.stray')).toMatchObject([{ reason: 'late' }]);
    expect(counter.effects.map((each) => each.kind)).not.toContain('thanked');
    expect(counter.effects.at(-1)).toMatchObject({ kind: 'acknowledge', counted: null });
  });

  it('a hand-over is accepted once the counter is free, before anything opens, and once', () => {
    const counter = prompted();
    counter.intent(open(2));
    counter.service = { closed: null, handover };
    counter.feed({ type: 'service' });
    expect(counter.of('handover.accepted')).toEqual([]);
    counter.close();
    expect(counter.types().slice(-4)).toEqual([
      ...['rating.closed', 'handover.accepted', 'duty.ended', 'intent.refused'],
    ]);
    // Who served meanwhile is not known here: the officer logs in again.
    expect(counter.of('intent.refused').at(-1)).toMatchObject({ code: 'intent.no_duty' });
    counter.restart('boot-2');
    counter.feed({ type: 'service' });
    expect(counter.of('handover.accepted')).toEqual([{ type: 'handover.accepted', handover }]);
  });
});

describe('presses and touches', () => {
  it('counts the first per ticket; the second panel press is stray, the second touch refused', () => {
    const counter = prompted();
    const askTicket = counter.state.rating!.asks[0]!.askTicket;
    counter.tap(5);
    counter.press(5, { askTicket });
    expect(counter.of('press.stray')).toMatchObject([{ reason: 'second', askTicket }]);
    const { rating } = counter.state.rating!;
    const step = counter.feed({ type: 'tap', press: 'p', rating, askTicket, level: 1 });
    expect(step.effects).toEqual([{ kind: 'refusedTouch', press: 'p', code: 'kiosk.not_counted' }]);
    expect(counter.of('rating.voted')).toHaveLength(1);
  });

  it('acknowledges a repeated press with its vote and stores nothing', () => {
    const counter = prompted();
    const askTicket = counter.state.rating!.asks[0]!.askTicket;
    counter.press(1, { seq: 42, askTicket, uptimeMs: 5 });
    const vote = counter.of('rating.voted')[0]!.vote;
    const again = counter.press(1, { seq: 42, askTicket, uptimeMs: 5 });
    expect(again.events).toEqual([]);
    expect(again.effects).toMatchObject([{ kind: 'acknowledge', boot: 7, seq: 42, counted: { vote } }]);
  });

  it('confirms a repeated touch without a second vote', () => {
    const counter = prompted();
    const { rating, asks } = counter.state.rating!;
    const tap = { type: 'tap', press: 'p1', rating, askTicket: asks[0]!.askTicket, level: 3 } as const;
    counter.feed(tap);
    expect(counter.feed(tap)).toMatchObject({ events: [], effects: [{ kind: 'recorded', press: 'p1' }] });
  });

  it('keeps a press after the close as late, an unknown ticket as orphan', () => {
    const counter = prompted();
    const askTicket = counter.state.rating!.asks[0]!.askTicket;
    const rating = counter.state.rating!.rating;
    counter.close();
    counter.press(1, { askTicket });
    counter.press(1, { askTicket: 77 });
    counter.press(1, { askTicket: 0 });
    expect(counter.of('press.stray').map((each) => [each.reason, each.rating])).toEqual([
      ['late', rating],
      ['orphan', null],
      ['orphan', null],
    ]);
  });

  it('still counts what the draining brings, before rating.closed', () => {
    const counter = prompted();
    const { rating, asks } = counter.state.rating!;
    counter.mono += FORM.closeAfterMs;
    expect(counter.feed({ type: 'wake' }).effects).toEqual([{ kind: 'drain', rating }]);
    expect(wantedArm(counter.state)).toBeNull();
    counter.press(5, { askTicket: asks[0]!.askTicket });
    counter.feed({ type: 'drained', rating, drained: false });
    expect(counter.types().slice(-2)).toEqual(['rating.voted', 'rating.closed']);
    expect(counter.of('rating.closed')).toMatchObject([{ reason: 'timed', drained: false }]);
  });

  it('asks again under a new ticket after a chord; the question stays', () => {
    const counter = prompted();
    const before = wantedArm(counter.state)?.askTicket;
    counter.press(1, { chord: true });
    expect(counter.of('press.stray')).toMatchObject([{ reason: 'chord' }]);
    expect(counter.of('question.asked').at(-1)).toMatchObject({ question: 'overall', attempt: 2 });
    expect(wantedArm(counter.state)?.askTicket).not.toBe(before);
  });

  it('refuses a level the form does not have', () => {
    const counter = new MemoryCounter();
    counter.rules = { instrument: { ...FORM, levels: FORM.levels.slice(0, 3) } };
    counter.intent(start(1));
    counter.intent(open(1));
    counter.intent(finish(1));
    expect(counter.tap(1).effects).toMatchObject([{ kind: 'refusedTouch', code: 'kiosk.level_unknown' }]);
    counter.press(5);
    expect(counter.of('press.stray')).toMatchObject([{ reason: 'unknown-button' }]);
  });

  it('binds the ticket to the panel before it is armed', () => {
    const counter = new MemoryCounter();
    counter.intent(start(1));
    counter.intent(open(1));
    counter.intent(finish(1));
    expect(wantedArm(counter.state)).toBeNull();
    counter.feed({ type: 'panel', hwid: HWID });
    expect(counter.of('question.asked').map((each) => each.hwid)).toEqual([null, HWID]);
    const armed = wantedArm(counter.state);
    expect(armed).toMatchObject({ buttons: 5 });
    counter.feed({ type: 'panel', hwid: null });
    expect(wantedArm(counter.state)).toBeNull();
    counter.feed({ type: 'panel', hwid: HWID });
    expect(wantedArm(counter.state)).toEqual(armed);
  });
});

describe('correction and skip', () => {
  const back = (counter: MemoryCounter) => void counter.feed({ type: 'correct', rating: null });

  it('goes one question back at each "Chọn lại", asks it under a new attempt, and goes on where it was', () => {
    const counter = prompted();
    counter.tap(1);
    counter.tap(4);
    back(counter);
    expect(screen(counter)).toMatchObject({ name: 'question', question: { question: 'attitude', step: 2 } });
    back(counter);
    expect(screen(counter)).toMatchObject({ name: 'question', question: { question: 'overall', step: 1 } });
    back(counter);
    expect(counter.of('question.asked')).toHaveLength(5);
    counter.tap(5);
    expect(screen(counter)).toMatchObject({ name: 'question', question: { question: 'quality', step: 3 } });
    expect(counter.of('rating.voted').map((each) => [each.question, each.attempt, each.level])).toEqual([
      ['overall', 1, 1],
      ['attitude', 1, 4],
      ['overall', 2, 5],
    ]);
  });

  it('changes an answered criterion; left without an answer it stays as it was', () => {
    const counter = prompted();
    for (const level of [5, 4, 3] as const) counter.tap(level);
    expect(screen(counter)).toMatchObject({ name: 'thanks', canCorrect: true });
    back(counter);
    expect(screen(counter)).toMatchObject({ name: 'question', question: { question: 'quality' } });
    counter.tap(1);
    expect(screen(counter).name).toBe('thanks');
    back(counter);
    back(counter);
    const { rating, asks } = counter.state.rating!;
    counter.feed({ type: 'skip', rating, askTicket: asks.at(-1)!.askTicket });
    expect(screen(counter).name).toBe('thanks');
    expect(counter.of('rating.voted').map((each) => [each.question, each.attempt, each.level])).toEqual([
      ['overall', 1, 5],
      ['attitude', 1, 4],
      ['quality', 1, 3],
      ['quality', 2, 1],
    ]);
  });

  it('offers a correction only for correctionMs after the latest answer', () => {
    const counter = prompted();
    back(counter);
    expect(counter.of('question.asked')).toHaveLength(1);
    counter.mono += FORM.correctionMs;
    counter.tap(1);
    expect(nextWake(counter.state, counter.mono)).toBe(counter.mono + FORM.correctionMs);
    counter.mono += FORM.correctionMs;
    expect(screen(counter)).toMatchObject({ canCorrect: false });
    counter.feed({ type: 'correct', rating: null });
    expect(counter.of('question.asked')).toHaveLength(2);
  });

  it('skips a criterion; skipping the overall question records nothing and thanks for nothing', () => {
    const counter = prompted();
    const ask = () => counter.state.rating!.asks.at(-1)!.askTicket;
    const rating = counter.state.rating!.rating;
    counter.tap(2);
    counter.feed({ type: 'skip', rating, askTicket: ask() });
    counter.feed({ type: 'skip', rating, askTicket: ask() });
    expect(screen(counter).name).toBe('thanks');
    const other = prompted();
    other.feed({
      type: 'skip',
      rating: other.state.rating!.rating,
      askTicket: other.state.rating!.asks[0]!.askTicket,
    });
    expect(screen(other).name).toBe('rest');
    expect(other.of('rating.voted')).toEqual([]);
  });
});

describe('intents', () => {
  it('refuses without duty, for another officer, while busy, and a reused transaction', () => {
    const counter = new MemoryCounter();
    counter.intent(open(1));
    counter.intent(start(1));
    counter.intent(open(2, { officerCode: 'CB09' }));
    counter.intent(open(3));
    counter.intent(open(4));
    counter.intent(finish(3, 'test'));
    counter.intent(open(3));
    expect(counter.of('intent.refused').map((each) => each.code)).toEqual([
      'intent.no_duty',
      'intent.other_officer',
      'intent.busy',
      'intent.transaction_reused',
    ]);
  });

  it('takes a finish with a reason for another request than the one without, whose text never changes', () => {
    const plain = finish(1);
    expect(intentContent(plain)).toBe(`transaction.finish ${id('7', 1)} completed`);
    expect(intentContent({ ...finish(1, 'test'), reason: 'thu_may' } as typeof plain)).toBe(
      `transaction.finish ${id('7', 1)} test thu_may`,
    );
  });

  it('lets a finish wait for its open and fall with it', () => {
    const counter = prompted();
    counter.intent(open(2));
    counter.intent(finish(2));
    expect(counter.of('transaction.opened')).toHaveLength(1);
    counter.close();
    expect(counter.of('rating.opened')).toHaveLength(2);
    const fallen = prompted();
    fallen.intent(open(2, { officerCode: 'CB09' }));
    fallen.intent(finish(2));
    fallen.close();
    fallen.intent(finish(2));
    fallen.intent(finish(8));
    expect(fallen.of('intent.refused').map((each) => each.code)).toEqual([
      'intent.other_officer',
      'intent.open_fell',
      'intent.open_fell',
      'intent.unknown_transaction',
    ]);
  });

  it('does not dead-lock when two next citizens wait and the first is finished behind them', () => {
    const counter = prompted();
    for (const intent of [open(2), open(3), finish(2)]) counter.intent(intent, 600_000);
    counter.close();
    counter.close();
    const opened = counter.of('transaction.opened').map((each) => each.transaction);
    expect(opened).toHaveLength(3);
    expect(counter.state.serving?.transaction).toBe(opened[2]);
  });

  it('bounds the queue and refuses what waited past its expiry', () => {
    const counter = prompted();
    for (let n = 2; n < WAITING_MAX + 3; n++) counter.intent(open(n), 5_000);
    expect(counter.of('intent.refused').map((each) => each.code)).toEqual(['intent.queue_full']);
    counter.mono += 5_000;
    counter.feed({ type: 'wake' });
    expect(counter.of('intent.refused').filter((each) => each.code === 'intent.expired')).toHaveLength(
      WAITING_MAX,
    );
  });

  it('answers a repeated intent and refuses its id for something else', () => {
    const counter = new MemoryCounter();
    const first = start(1);
    counter.intent(first);
    expect(counter.intent(first)).toMatchObject({
      events: [],
      effects: [{ kind: 'seen', state: 'accepted', code: null }],
    });
    const other = { ...open(1), intentId: first.intentId };
    expect(counter.intent(other).effects).toMatchObject([
      { kind: 'seen', state: 'refused', code: 'intent.reused' },
    ]);
  });

  it('opens the prompt for the citizen; the later finish is an annotation, once', () => {
    const counter = new MemoryCounter();
    counter.intent(start(1));
    counter.intent(open(1));
    counter.feed({ type: 'citizen.open' });
    expect(counter.of('rating.opened')).toMatchObject([{ openedBy: 'citizen' }]);
    counter.intent(finish(1, 'supplement'));
    counter.intent(finish(1, 'no_show'));
    expect(counter.of('transaction.annotated')).toMatchObject([{ outcome: 'supplement' }]);
    expect(counter.of('intent.refused')).toMatchObject([{ code: 'intent.already_finished' }]);
  });

  it('opens the prompt of the turn that the citizen saw, or none', () => {
    const counter = new MemoryCounter();
    counter.intent(start(1));
    counter.intent(open(1));
    const { transaction } = counter.state.serving!;
    counter.intent(finish(1, 'no_show'));
    counter.intent(open(2));
    counter.feed({ type: 'citizen.open', transaction });
    expect(counter.of('rating.opened').filter(({ prompt }) => prompt !== false)).toEqual([]);
    expect(counter.state.rating).toBeNull();
    counter.feed({ type: 'citizen.open', transaction: counter.state.serving!.transaction });
    expect(counter.of('rating.opened').filter(({ prompt }) => prompt !== false)).toHaveLength(1);
  });

  it('opens nothing while its panel is set up, and goes on afterwards as it was', () => {
    const counter = new MemoryCounter();
    const told = () => counter.effects.flatMap((one) => (one.kind === 'refusedIntent' ? [one.code] : []));
    counter.feed({ type: 'intent', intent: start(1), expiresInMs: 60_000 });
    const before = counter.state;
    counter.settingUp = true;
    counter.feed({ type: 'service' });
    counter.feed({ type: 'intent', intent: open(1), expiresInMs: 60_000 });
    counter.feed({ type: 'walkup' });
    expect([told(), counter.types()]).toEqual([['intent.panel_setup'], ['duty.started', 'intent.refused']]);
    counter.settingUp = false;
    counter.feed({ type: 'service' });
    expect(counter.state).toEqual(before);
    counter.feed({ type: 'intent', intent: open(2), expiresInMs: 60_000 });
    expect(counter.types(2)).toEqual(['transaction.opened']);
  });

  it('ends the duty during service: finished by duty-end, prompt open, then nobody on duty', () => {
    const counter = new MemoryCounter();
    counter.intent(start(1));
    counter.intent(open(1));
    counter.intent(end(1));
    expect(counter.types().slice(-4)).toEqual([
      'transaction.finished',
      'rating.opened',
      'question.asked',
      'duty.ended',
    ]);
    counter.tap(5);
    counter.close();
    expect(screen(counter).name).toBe('closed');
  });

  it('hands over to another officer after service and prompt; the same officer stays', () => {
    const counter = new MemoryCounter();
    counter.intent(start(1));
    counter.intent(open(1));
    counter.intent(start(2));
    expect(counter.intent(start(1, 9)).effects).toEqual([]);
    counter.intent(finish(1));
    counter.close();
    expect(counter.of('duty.ended')).toMatchObject([{ reason: 'handover' }, { reason: 'handover' }]);
    expect(counter.intent(start(1, 10)).effects).toMatchObject([{ kind: 'seen', state: 'accepted' }]);
    counter.intent(end(10));
    expect(counter.state.duty).toBeNull();
    expect(counter.facts().violations).toEqual([]);
  });
});

describe('pause', () => {
  const onDuty = () => {
    const counter = new MemoryCounter();
    counter.intent(start(1));
    return counter;
  };
  const codes = (counter: MemoryCounter) => counter.of('intent.refused').map((each) => each.code);

  it('closes the screen and opens nothing until the officer is back; the duty goes on', () => {
    const counter = onDuty();
    counter.intent(pause(1));
    expect(screen(counter).name).toBe('closed');
    counter.intent(open(1));
    expect(codes(counter)).toEqual(['intent.paused']);
    counter.restart();
    expect(screen(counter).name).toBe('closed');
    counter.intent(resume(1));
    expect(screen(counter).name).toBe('rest');
    counter.intent(open(2));
    expect(counter.types()).toEqual([
      ...['duty.started', 'duty.paused', 'intent.refused', 'duty.resumed', 'transaction.opened'],
    ]);
    expect(counter.of('duty.resumed')).toMatchObject([{ via: 'station' }]);
    expect(counter.facts()).toMatchObject({ violations: [], paused: false });
  });

  it('is refused while somebody is served; an open prompt goes on, and what waited behind it is refused', () => {
    const counter = onDuty();
    counter.intent(open(1));
    counter.intent(pause(1));
    counter.intent(finish(1));
    counter.intent(open(2));
    counter.intent(pause(1));
    expect(screen(counter).name).toBe('question');
    counter.tap(5);
    counter.close();
    expect(codes(counter)).toEqual(['intent.busy', 'intent.paused']);
    expect(screen(counter).name).toBe('closed');
    expect(counter.facts().violations).toEqual([]);
  });

  it('ends with the same officer’s log-in, another’s hand-over, a log-out and another boot', () => {
    const again = onDuty();
    again.intent(pause(1));
    again.intent(start(1, 7));
    expect(again.types().slice(-1)).toEqual(['duty.resumed']);
    const other = onDuty();
    other.intent(pause(1));
    other.intent(start(2));
    expect(other.types().slice(-2)).toEqual(['duty.ended', 'duty.started']);
    expect(screen(other).name).toBe('rest');
    const home = onDuty();
    home.intent(pause(1));
    home.intent(end(1));
    const reboot = onDuty();
    reboot.intent(pause(1));
    reboot.restart('boot-2');
    for (const each of [again, other, home, reboot]) expect(each.facts().violations).toEqual([]);
    expect([home.state.duty, reboot.state.duty]).toEqual([null, null]);
  });

  it('of another duty is refused; said twice, or of who is there, it changes nothing', () => {
    const counter = onDuty();
    counter.intent(pause(9));
    counter.intent(resume(9));
    expect(codes(counter)).toEqual(['intent.no_duty', 'intent.no_duty']);
    expect(counter.intent(resume(1)).effects).toMatchObject([{ kind: 'seen', state: 'accepted' }]);
    counter.intent(pause(1));
    expect(counter.intent(pause(1)).effects).toMatchObject([{ kind: 'seen', state: 'accepted' }]);
    expect(counter.of('duty.paused')).toHaveLength(1);
  });

  it('waits for the log-in that it speaks of', () => {
    const counter = prompted();
    counter.intent(start(2));
    counter.intent(pause(2));
    expect(counter.of('duty.paused')).toEqual([]);
    counter.close();
    expect(counter.types().slice(-3)).toEqual(['duty.ended', 'duty.started', 'duty.paused']);
  });
});

describe('restart', () => {
  it('goes on within the same boot and window, with the same ticket', () => {
    const counter = prompted();
    const ticket = counter.state.rating!.asks[0]!.askTicket;
    counter.mono += 5_000;
    expect(counter.restart().events).toEqual([]);
    expect(wantedArm(counter.state)).toBeNull();
    counter.feed({ type: 'panel', hwid: HWID });
    expect(wantedArm(counter.state)?.askTicket).toBe(ticket);
  });

  it('closes as interrupted past the window; the duty and the service go on', () => {
    const counter = prompted();
    counter.intent(open(2));
    counter.mono += FORM.closeAfterMs;
    counter.restart();
    expect(counter.of('rating.closed')).toMatchObject([{ reason: 'interrupted', drained: false }]);
    expect(counter.state.serving).not.toBeNull();
    expect(counter.state.duty).not.toBeNull();
  });

  it('after another boot opens nothing until duty.start comes again', () => {
    const counter = prompted();
    counter.intent(open(2));
    counter.mono = 10;
    counter.restart('boot-2');
    expect(counter.of('rating.closed')).toMatchObject([{ reason: 'interrupted' }]);
    expect(counter.of('duty.ended')).toMatchObject([{ reason: 'reboot' }]);
    expect(counter.of('intent.refused')).toMatchObject([{ code: 'intent.expired' }]);
    counter.intent(open(3));
    expect(counter.of('intent.refused').at(-1)).toMatchObject({ code: 'intent.no_duty' });
    expect(counter.facts().violations).toEqual([]);
  });
});
