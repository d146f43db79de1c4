/* A rating by somebody whom nobody serves: of the counter alone, at rest only, and never in the next citizen's way. */
import { nextWake, wantedArm } from '@hailong/shared/counter/counter-machine.ts';
import { screenOf } from '@hailong/shared/counter/counter-screen.ts';
import type { HandoverId } from '@hailong/shared/ids.ts';
import { describe, expect, it } from 'vitest';
import {
  FORM,
  FORM_WITH_CHIPS,
  finish,
  HWID,
  id,
  MemoryCounter,
  open,
  pause,
  start,
} from '../../support/counter-kit.ts';

const walkup = { minIntervalMs: 60_000 };
const screen = (counter: MemoryCounter) =>
  screenOf(counter.state, {
    ...{ mono: counter.mono, online: true, canStore: true, closed: false, hasBlob: () => true },
    ...{
      config: { office: {}, counter: {}, walkup } as never,
      ticketOf: () => ({ qr: ['1'], address: 'h.vn/v', until: null }),
    },
  });
function atRest(): MemoryCounter {
  const counter = new MemoryCounter();
  counter.rules = { instrument: FORM_WITH_CHIPS, walkup };
  counter.feed({ type: 'panel', hwid: HWID });
  counter.intent(start(1));
  return counter;
}
const walkUp = (counter: MemoryCounter) => counter.feed({ type: 'walkup' });
function begun(): MemoryCounter {
  const counter = atRest();
  walkUp(counter);
  return counter;
}

describe('a walk-up', () => {
  it('asks the overall question alone and names no transaction, officer or duty', () => {
    const counter = begun();
    expect(screen(counter)).toMatchObject({
      name: 'question',
      question: { question: 'overall', step: 1, steps: 1 },
      canGoPrivate: false,
    });
    expect(wantedArm(counter.state)).toMatchObject({ buttons: 5 });
    counter.press(5);
    expect(screen(counter).name).toBe('thanks');
    counter.close();
    expect(counter.types().slice(1)).toEqual([
      ...['walkup.opened', 'question.asked', 'walkup.voted', 'walkup.closed'],
    ]);
    const { rating } = counter.of('walkup.opened')[0]!;
    expect(counter.of('walkup.opened')).toEqual([
      {
        ...{ type: 'walkup.opened', rating, counter: counter.given().counter },
        ...{ instrument: { id: FORM.id, version: FORM.version }, closeAfterMs: FORM.closeAfterMs },
      },
    ]);
    expect(Object.keys(counter.of('walkup.voted')[0]!).sort()).toEqual(
      ['askTicket', 'attempt', 'level', 'question', 'rating', 'source', 'type', 'vote'].sort(),
    );
    expect(counter.of('walkup.closed')).toMatchObject([{ rating, reason: 'timed', drained: true }]);
    expect(counter.effects.map((each) => each.kind)).not.toContain('opened');
    expect(counter.facts().violations).toEqual([]);
  });

  it('answers a repeated press and touch, and keeps a late press', () => {
    const counter = begun();
    const { askTicket } = counter.of('question.asked')[0]!;
    const { rating } = counter.state.rating!;
    const press = { seq: 42, askTicket, uptimeMs: 5 };
    counter.press(1, press);
    expect(counter.press(1, press)).toMatchObject({
      events: [],
      effects: [{ kind: 'acknowledge', counted: { transaction: null, level: 5 } }],
    });
    counter.close();
    counter.press(2, { askTicket });
    expect(counter.of('press.stray')).toMatchObject([{ reason: 'late', rating }]);
  });

  it('can be corrected, but not taken to the phone', () => {
    const counter = begun();
    counter.tap(1);
    counter.feed({ type: 'correct', rating: null });
    counter.tap(4);
    counter.private();
    expect(counter.of('walkup.voted').map((each) => [each.attempt, each.level])).toEqual([
      [1, 1],
      [2, 4],
    ]);
    expect(counter.of('rating.went_private')).toEqual([]);
  });

  it('gives way to the next citizen at once; what was answered stays', () => {
    const counter = begun();
    const { askTicket } = counter.of('question.asked')[0]!;
    counter.tap(2);
    counter.intent(open(1));
    expect(counter.types().slice(-3)).toEqual(['walkup.voted', 'walkup.closed', 'transaction.opened']);
    expect(counter.of('walkup.closed')).toMatchObject([{ reason: 'served', drained: false }]);
    counter.press(1, { askTicket });
    counter.intent(finish(1));
    counter.tap(5);
    expect(counter.of('press.stray')).toMatchObject([{ reason: 'late' }]);
    expect(counter.of('rating.voted')).toMatchObject([{ question: 'overall', level: 5 }]);
    expect(counter.facts().violations).toEqual([]);
  });

  it('stays where the request of the next citizen is refused', () => {
    const counter = begun();
    counter.intent(open(1, { officerCode: 'CB09' }));
    expect(screen(counter).name).toBe('question');
    expect(counter.of('walkup.closed')).toEqual([]);
  });

  it('goes on after a restart in its window, else it is interrupted', () => {
    const counter = begun();
    counter.restart();
    expect(screen(counter).name).toBe('question');
    counter.mono += FORM.closeAfterMs;
    counter.restart();
    expect(counter.of('walkup.closed')).toMatchObject([{ reason: 'interrupted' }]);
    const revoked = begun();
    revoked.service = { closed: 'device.revoked', handover: null };
    revoked.feed({ type: 'service' });
    const booted = begun();
    booted.restart('boot-2');
    for (const each of [revoked, booted])
      expect(each.of('walkup.closed')).toMatchObject([{ reason: 'interrupted' }]);
  });

  it('lets a hand-over wait until it is over', () => {
    const counter = begun();
    counter.service = { closed: null, handover: id<HandoverId>('e', 1) };
    counter.feed({ type: 'service' });
    expect(counter.of('handover.accepted')).toEqual([]);
    counter.close();
    expect(counter.types().slice(-3)).toEqual(['walkup.closed', 'handover.accepted', 'duty.ended']);
    expect(counter.facts().violations).toEqual([]);
  });
});

describe('it begins', () => {
  it('at rest only: with an officer who is there, nobody served, asked or waited for', () => {
    const nobody = new MemoryCounter();
    nobody.rules = { instrument: FORM, walkup };
    const paused = atRest();
    paused.intent(pause(1));
    const serving = atRest();
    serving.intent(open(1));
    const prompting = atRest();
    prompting.intent(open(1));
    prompting.intent(finish(1));
    const suspended = atRest();
    suspended.service = { closed: 'device.suspended', handover: null };
    const without = atRest();
    without.rules = { instrument: FORM };
    for (const counter of [nobody, paused, serving, prompting, suspended, without])
      expect(walkUp(counter).events).toEqual([]);
    for (const counter of [nobody, paused, serving, prompting])
      expect(JSON.stringify(screen(counter))).not.toContain('"walkup":true');
    expect(screen(atRest())).toMatchObject({ name: 'rest', walkup: true });
  });

  it('not again before the office’s interval has passed, also over a restart', () => {
    const counter = begun();
    counter.close();
    expect(screen(counter)).toMatchObject({ name: 'rest', walkup: false });
    expect(nextWake(counter.state, counter.mono)).toBe(1_000 + walkup.minIntervalMs);
    counter.restart();
    expect(walkUp(counter).events).toEqual([]);
    counter.mono = 1_000 + walkup.minIntervalMs;
    expect(screen(counter)).toMatchObject({ name: 'rest', walkup: true });
    expect(walkUp(counter).events).toMatchObject([{ type: 'walkup.opened' }, { type: 'question.asked' }]);
  });

  it('without the offer of whoever was marked absent before', () => {
    const counter = atRest();
    counter.intent(open(1));
    counter.intent(finish(1, 'no_show'));
    walkUp(counter);
    expect(counter.state.offer).toBeNull();
  });
});
