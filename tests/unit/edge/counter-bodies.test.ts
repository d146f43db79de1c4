/* The bodies of chips, of the way to the phone, of walk-ups, pauses and locks: what is written is read, nothing else is. */
import { encodeEvent, readEvent } from '@hailong/shared/edge/event.ts';
import { CHIPS_SETS_MAX, type EventBody } from '@hailong/shared/model/event.ts';
import { CHIPS_COUNT } from '@hailong/shared/model/instrument.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const id = fc.uuid();
const ticket = fc.integer({ min: 1, max: 0xffff_ffff });
const hwid = fc.stringMatching(/^[0-9a-f]{16}$/);
const chip = fc.stringMatching(/^[a-z][a-z0-9]{5}$/);
const chips = fc.uniqueArray(chip, { maxLength: CHIPS_COUNT });
const question = fc.stringMatching(/^[a-z][a-z0-9_]{0,39}$/);
const attempt = fc.integer({ min: 1, max: 12 });
const reason = fc.stringMatching(/^[a-z][a-z0-9_]{0,39}$/);
const intent = fc.option(id);
const code = fc.stringMatching(/^[A-Z0-9][A-Z0-9._-]{0,19}$/);
const source = fc.oneof(
  fc.record({ via: fc.constant('touch'), press: id }),
  fc.record({
    ...{ via: fc.constant('panel'), hwid, boot: fc.nat(), seq: fc.integer({ min: 1, max: 0xffff }) },
    ...{ button: fc.integer({ min: 1, max: 8 }), uptimeMs: fc.nat(), pressedMono: fc.option(fc.nat()) },
  }),
);
const form = fc.record({ id: fc.constant('hai-long-5'), version: fc.integer({ min: 1, max: 99 }) });
const type = <T extends EventBody['type']>(name: T) => fc.constant(name);

const body = fc.oneof(
  fc.record({
    ...{ type: type('chips.chosen'), rating: id, transaction: id, overallVote: id, askTicket: ticket },
    ...{ n: fc.integer({ min: 1, max: CHIPS_SETS_MAX }), chips, press: id },
  }),
  fc.record({ type: type('rating.went_private'), rating: id, transaction: id, drained: fc.boolean() }),
  fc.record({
    ...{ type: type('walkup.opened'), rating: id, counter: id, instrument: form, closeAfterMs: fc.nat() },
  }),
  fc.record({
    ...{ type: type('walkup.voted'), vote: id, rating: id, question, attempt, askTicket: ticket },
    ...{ level: fc.integer({ min: 1, max: 5 }), source },
  }),
  fc.record({
    ...{ type: type('walkup.closed'), rating: id, drained: fc.boolean() },
    reason: fc.constantFrom('timed', 'interrupted', 'served'),
  }),
  fc.record({ type: type('duty.paused'), duty: id, intent, reason: fc.constantFrom('lunch', 'away') }),
  fc.record({ type: type('duty.resumed'), duty: id, intent, via: fc.constantFrom('station', 'pin') }),
  fc.record({
    ...{ type: type('pin.locked'), officerCode: fc.option(code) },
    ...{
      failures: fc.integer({ min: 1, max: 1_000_000 }),
      waitMs: fc.integer({ min: 0, max: 86_400_000 }),
    },
  }),
  fc.record(
    {
      ...{ type: type('transaction.finished'), transaction: id, intent, by: fc.constant('officer') },
      ...{ outcome: fc.constantFrom('no_show', 'test', 'accident'), reason },
    },
    { requiredKeys: ['type', 'transaction', 'intent', 'by', 'outcome'] },
  ),
);

const written = (one: unknown) => encodeEvent({ seq: 7, at: 1, mono: 1, body: one as EventBody });

describe('the bodies around a tap', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(body, (one) => {
        expect(readEvent(written(one))).toMatchObject({ ok: true, event: { seq: 7, body: one } });
      }),
    );
  });

  it('are refused without any one of their fields', () => {
    fc.assert(
      fc.property(body, fc.nat(), (one, at) => {
        const fields = Object.keys(one).filter(
          (field) => field !== 'reason' || one.type !== 'transaction.finished',
        );
        const { [fields[at % fields.length] as 'type']: _, ...rest } = one;
        expect(readEvent(written(rest))).toMatchObject({ ok: false, code: 'event.invalid' });
      }),
    );
  });

  const chosen = {
    ...{ type: 'chips.chosen', rating: crypto.randomUUID(), transaction: crypto.randomUUID(), n: 1 },
    ...{ overallVote: crypto.randomUUID(), askTicket: 1, chips: ['cho001'], press: crypto.randomUUID() },
  };
  const nine = Array.from({ length: CHIPS_COUNT + 1 }, (_none, i) => `chip0${i}`);
  it.each([
    ['a chip twice', { ...chosen, chips: ['cho001', 'cho001'] }],
    ['more chips than the page has', { ...chosen, chips: nine }],
    ['a key of another length', { ...chosen, chips: ['cho01'] }],
    ['a key of another length', { ...chosen, chips: ['cho0001'] }],
    ['more sets than a rating keeps', { ...chosen, n: CHIPS_SETS_MAX + 1 }],
    ['a set before the first', { ...chosen, n: 0 }],
    ['free text for a reason', { type: 'duty.paused', duty: chosen.rating, intent: null, reason: 'ăn trưa' }],
    [
      'a close that no walk-up has',
      { type: 'walkup.closed', rating: chosen.rating, reason: 'private', drained: true },
    ],
    ['no failure at all', { type: 'pin.locked', officerCode: null, failures: 0, waitMs: 1 }],
  ])('refuses %s', (_name, one) => {
    expect(readEvent(written(one))).toMatchObject({ ok: false, code: 'event.invalid' });
  });

  it('has one length for every level that was given and every set of chips of one size', () => {
    fc.assert(
      fc.property(fc.uniqueArray(chip, { minLength: 2, maxLength: 2 }), ([one, other]) => {
        const length = (key: unknown) => written({ ...chosen, chips: [key] }).byteLength;
        expect(length(one)).toBe(length(other));
      }),
    );
  });
});
