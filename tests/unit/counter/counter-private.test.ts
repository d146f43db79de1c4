/* A vote that is taken to the phone: nothing is asked any more, and nobody who waits for the close learns of it. */
import { nextWake, wantedArm } from '@hailong/shared/counter/counter-machine.ts';
import { screenOf } from '@hailong/shared/counter/counter-screen.ts';
import { OFFER_MS, type PhoneRating, PRIVATE_LEAST_MS } from '@hailong/shared/counter/counter-state.ts';
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import { describe, expect, it } from 'vitest';
import { FORM, finish, HWID, MemoryCounter, open, start } from '../../support/counter-kit.ts';

const config = {
  office: { name: 'Trung tâm', place: 'Hà Nội', phone: '', retentionDays: 30 },
  counter: { id: 'c', number: '5', name: 'Quầy 5', unitId: 'u', active: true },
} as never;
const QR = Array.from({ length: 21 }, () => '10'.repeat(10).concat('1'));
const screen = (counter: MemoryCounter, ticket = false, canStore = true) =>
  screenOf(counter.state, {
    ...{ mono: counter.mono, online: true, canStore, closed: false, hasBlob: () => true, config },
    ticketOf: () => (ticket ? { qr: QR, address: 'h.vn/v', until: null } : null),
  });

function prompted({ slip = true } = {}): MemoryCounter {
  const counter = new MemoryCounter();
  counter.feed({ type: 'panel', hwid: HWID });
  if (slip) counter.feed({ type: 'slips', slips: [{ code: 'K7QFM2', hash: 'a'.repeat(64) as Sha256Hex }] });
  counter.intent(start(1));
  counter.intent(open(1));
  counter.intent(finish(1));
  return counter;
}

describe('going to the phone', () => {
  it('empties the panel, then says so once, and shows the code until the fixed time', () => {
    const counter = prompted();
    const { rating } = counter.state.rating!;
    expect(screen(counter)).toMatchObject({ name: 'question', canGoPrivate: true });
    counter.feed({ type: 'private', rating });
    expect(counter.effects.at(-1)).toEqual({ kind: 'drain', rating });
    // Still asked while the panel is emptied: a press or a touch of this moment was made before.
    expect(screen(counter)).toMatchObject({ name: 'question', canGoPrivate: false, canCorrect: false });
    expect(wantedArm(counter.state)).toBeNull();
    counter.feed({ type: 'private', rating });
    counter.feed({ type: 'drained', rating, drained: true });
    expect(counter.of('rating.went_private')).toMatchObject([{ rating, drained: true }]);
    expect(screen(counter)).toMatchObject({ name: 'private', rating, code: 'K7QFM2', qr: null });
    counter.feed({ type: 'private', rating });
    counter.feed({ type: 'drained', rating, drained: true });
    expect(counter.of('rating.went_private')).toHaveLength(1);
    expect(counter.of('rating.closed')).toEqual([]);
  });

  it('frees the counter at the fixed time and not before: whoever waits is opened then', () => {
    const counter = prompted();
    counter.mono += 3_000;
    counter.private();
    counter.intent(open(2));
    for (const ms of [5_000, 10_000, 11_999]) {
      counter.mono += ms;
      counter.feed({ type: 'wake' });
      expect(counter.of('transaction.opened')).toHaveLength(1);
    }
    expect(nextWake(counter.state, counter.mono)).toBe(1_000 + FORM.closeAfterMs);
    counter.close(false);
    expect(counter.types().slice(-3)).toEqual(['rating.went_private', 'rating.closed', 'transaction.opened']);
    expect(counter.of('rating.closed')).toMatchObject([{ reason: 'private', drained: false }]);
    expect(counter.monos.at(-1)).toBe(1_000 + FORM.closeAfterMs);
  });

  it('counts what the panel held before, and nothing afterwards', () => {
    const counter = prompted();
    const { rating, asks } = counter.state.rating!;
    const { askTicket } = asks[0]!;
    counter.feed({ type: 'private', rating });
    counter.press(5, { askTicket });
    counter.feed({ type: 'drained', rating, drained: true });
    expect(counter.types().slice(-2)).toEqual(['rating.voted', 'rating.went_private']);
    counter.press(1, { askTicket });
    counter.tap(1);
    counter.feed({ type: 'correct', rating });
    counter.feed({ type: 'skip', rating, askTicket });
    counter.feed({ type: 'panel', hwid: null });
    counter.feed({ type: 'panel', hwid: HWID });
    expect(counter.types().slice(-2)).toEqual(['rating.went_private', 'press.stray']);
    expect(counter.of('press.stray')).toMatchObject([{ reason: 'late', rating }]);
    expect(counter.effects.at(-1)).toMatchObject({ kind: 'refusedTouch', code: 'kiosk.not_counted' });
    expect(counter.facts().violations).toEqual([]);
  });

  it('is offered at every question, not in the last moments, and only where it leads somewhere', () => {
    const counter = prompted();
    counter.tap(5);
    expect(screen(counter)).toMatchObject({ name: 'question', canGoPrivate: true });
    counter.mono = 1_000 + FORM.closeAfterMs - PRIVATE_LEAST_MS;
    expect(screen(counter)).toMatchObject({ name: 'question', canGoPrivate: false });
    counter.private();
    expect(counter.of('rating.went_private')).toEqual([]);
    const without = prompted({ slip: false });
    expect(screen(without)).toMatchObject({ canGoPrivate: false });
    expect(screen(without, true)).toMatchObject({ canGoPrivate: true });
    without.private();
    expect(screen(without, true)).toMatchObject({
      name: 'private',
      code: null,
      qr: QR,
      address: 'h.vn/v',
      until: null,
    });
  });

  it('makes the ticket of what is frozen in the rating', () => {
    const counter = prompted();
    const asked: PhoneRating[] = [];
    screenOf(counter.state, {
      ...{ mono: counter.mono, online: true, canStore: true, closed: false, hasBlob: () => true, config },
      ticketOf: (rating) => {
        asked.push(rating);
        return null;
      },
    });
    const [opened] = counter.of('rating.opened');
    expect(asked[0]).toEqual({
      ...{ rating: opened!.rating, transaction: opened!.transaction, slip: 'K7QFM2' },
      ...{ stage: 'return', instrument: { id: FORM.id, version: FORM.version } },
    });
  });

  it('is shown where nothing can be stored, while somebody is asked', () => {
    const counter = prompted();
    expect(screen(counter, false, false)).toMatchObject({
      name: 'cannot-store',
      offer: { code: 'K7QFM2', qr: null, address: null },
    });
    counter.mono += FORM.closeAfterMs;
    expect(screen(counter, false, false)).toMatchObject({ name: 'cannot-store', offer: null });
  });
});

describe('after a silent outcome', () => {
  const silent = () => {
    const counter = prompted();
    counter.close();
    counter.feed({ type: 'slips', slips: [{ code: 'P3WXD8', hash: 'b'.repeat(64) as Sha256Hex }] });
    counter.intent(open(2, { stage: 'reception' }));
    counter.intent(finish(2, 'no_show'));
    return counter;
  };

  it('offers the way at rest for a minute, also over a restart; the counter is free at once', () => {
    const counter = silent();
    expect(screen(counter)).toMatchObject({ name: 'rest', offer: { code: 'P3WXD8', qr: null } });
    counter.mono += OFFER_MS - 1;
    counter.restart();
    expect(screen(counter)).toMatchObject({ name: 'rest', offer: { code: 'P3WXD8' } });
    expect(nextWake(counter.state, counter.mono)).toBe(counter.mono + 1);
    counter.mono += 1;
    expect(screen(counter)).toMatchObject({ name: 'rest', offer: null });
    counter.feed({ type: 'wake' });
    expect(counter.state.offer).toBeNull();
  });

  it('is gone with the next citizen, another officer and another boot', () => {
    for (const end of [
      (counter: MemoryCounter) => {
        counter.intent(open(3));
        counter.intent(finish(3));
      },
      (counter: MemoryCounter) => void counter.intent(start(2)),
      (counter: MemoryCounter) => {
        counter.restart('boot-2');
        counter.intent(start(1, 7));
      },
    ]) {
      const counter = silent();
      end(counter);
      expect(JSON.stringify(screen(counter))).not.toContain('P3WXD8');
      expect(counter.state.offer).toBeNull();
    }
  });

  it('makes its ticket of that rating, and offers nothing where nothing leads there', () => {
    const counter = silent();
    const { rating } = counter.of('rating.opened').at(-1)!;
    expect(counter.state.offer).toMatchObject({ rating, stage: 'reception', instrument: { id: FORM.id } });
    const bare = prompted({ slip: false });
    bare.close();
    bare.intent(open(2));
    bare.intent(finish(2, 'accident'));
    expect(screen(bare)).toMatchObject({ name: 'rest', offer: null });
    expect(screen(bare, true)).toMatchObject({ name: 'rest', offer: { code: null, qr: QR } });
  });

  it('is for nobody while nothing new may be opened, nor after a restart of the machine', () => {
    const closed = prompted();
    closed.close();
    closed.intent(open(2));
    closed.service = { closed: 'device.suspended', handover: null };
    closed.intent(finish(2, 'no_show'));
    const rebooted = prompted();
    rebooted.close();
    rebooted.intent(open(2));
    rebooted.restart('boot-2');
    expect([closed.state.offer, rebooted.state.offer]).toEqual([null, null]);
  });
});

describe('restart', () => {
  it('in the window shows the code again; the counter is free at the fixed time', () => {
    const counter = prompted();
    counter.private();
    counter.intent(open(2));
    counter.mono += 5_000;
    expect(counter.restart().events).toEqual([]);
    counter.feed({ type: 'panel', hwid: HWID });
    expect(screen(counter)).toMatchObject({ name: 'private', code: 'K7QFM2' });
    expect(wantedArm(counter.state)).toBeNull();
    counter.close();
    expect(counter.types().slice(-2)).toEqual(['rating.closed', 'transaction.opened']);
    expect(counter.of('rating.closed')).toMatchObject([{ reason: 'private' }]);
  });

  it('before it was said goes on with the question, as nobody was shown a code', () => {
    const counter = prompted();
    const { rating } = counter.state.rating!;
    counter.feed({ type: 'private', rating });
    counter.restart();
    counter.feed({ type: 'drained', rating, drained: true });
    expect(counter.of('rating.went_private')).toEqual([]);
    expect(screen(counter).name).toBe('question');
  });

  it('before it was said, after an answer that came meanwhile, asks the next question', () => {
    const counter = prompted();
    const { rating, asks } = counter.state.rating!;
    counter.feed({ type: 'private', rating });
    counter.press(2, { askTicket: asks[0]!.askTicket });
    counter.restart();
    expect(screen(counter)).toMatchObject({ name: 'question', question: { question: 'attitude' } });
    counter.tap(4);
    counter.tap(4);
    counter.restart();
    // All is said: nothing is asked again.
    expect(screen(counter).name).toBe('rest');
    expect(counter.facts().violations).toEqual([]);
  });

  it('past the window, in another boot or revoked, is interrupted', () => {
    for (const end of [
      (counter: MemoryCounter) => {
        counter.mono += FORM.closeAfterMs;
        counter.restart();
      },
      (counter: MemoryCounter) => void counter.restart('boot-2'),
      (counter: MemoryCounter) => {
        counter.service = { closed: 'device.revoked', handover: null };
        counter.feed({ type: 'service' });
      },
    ]) {
      const counter = prompted();
      counter.private();
      end(counter);
      expect(counter.of('rating.closed')).toMatchObject([{ reason: 'interrupted' }]);
      expect(screen(counter).name).not.toBe('private');
      expect(counter.facts().violations).toEqual([]);
    }
  });
});
