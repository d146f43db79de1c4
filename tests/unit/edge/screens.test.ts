/* The screens and messages between agent and window: what their forms take and what they refuse. */
import { screen, windowToAgent } from '@hailong/shared/protocol/ui.ts';
import { describe, expect, it } from 'vitest';

const rating = '0198c0de-0000-7000-8000-000000000001';
const common = {
  ...{ office: { name: 'Trung tâm', place: 'Phường Mẫu' }, counterNumber: '5', online: true, notice: null },
};
const word = { vi: 'Chờ lâu', en: 'Long wait', further: { fr: 'Longue attente' } };
const chips = Array.from({ length: 8 }, (_none, i) => ({ key: `chip0${i}`, word }));
const page = {
  ...{ name: 'chips', ...common, rating, askTicket: 7, chips, chosen: ['chip03'], canCorrect: true },
  ...{ closeAfterMs: 45_000, closesInMs: 30_000 },
};
const qr = Array.from({ length: 21 }, () => '10'.repeat(10).concat('1'));
const phone = { code: 'K7M2Q9XT4A', qr, until: 1_795_392_017_000 };
const away = {
  ...{ name: 'private', ...common, rating, ...phone, closeAfterMs: 45_000, closesInMs: 30_000 },
};
const asked = { name: 'pin', ...common, why: 'login', whom: null, waitMs: 0, problem: null };

describe('a screen', () => {
  it.each([
    ['of chips', page],
    ['of the way to the phone', away],
    [
      'of the way to the phone, from a machine whose clock is not known to be right',
      { ...away, until: null, qr: null },
    ],
    ['that asks for a PIN', asked],
    [
      'that asks another officer for a PIN',
      { ...asked, why: 'other-officer', whom: { code: 'CB01', name: 'A', position: 'B' } },
    ],
  ])('%s is read unchanged', (_name, one) => {
    expect(screen.parse(one)).toEqual(one);
  });

  it.each([
    ['seven chips', { ...page, chips: chips.slice(1) }],
    ['a QR code that is not square', { ...away, qr: qr.slice(1).concat('1') }],
    ['a QR code of something else than modules', { ...away, qr: qr.map((row) => row.replace('1', '2')) }],
    ['no word about the phone at all', { ...away, code: undefined }],
    ['a reason to ask for a PIN that there is not', { ...asked, why: 'idle' }],
  ])('with %s is refused', (_name, one) => {
    expect(screen.safeParse(one).success).toBe(false);
  });

  it('tells no level anywhere in the page of chips', () => {
    expect(JSON.stringify(screen.parse({ ...page, level: 1, overall: 1 }))).not.toMatch(/level|overall/);
  });
});

describe('a message of the window', () => {
  const login = { type: 'officer.login', staffCode: 'CB014', pin: '1234' };
  const chosen = { type: 'chips', press: rating, rating, askTicket: 7, chips: ['chip03'] };
  it.each([
    ['a PIN of three digits', { ...login, pin: '123' }],
    ['a PIN of letters', { ...login, pin: 'abcd' }],
    ['nine chips', { ...chosen, chips: Array.from({ length: 9 }, (_none, i) => `chip0${i}`) }],
    ['an act without a name', { type: 'officer.act', act: {} }],
    [
      'an act with free text for a reason',
      { type: 'officer.act', act: { act: 'finish', outcome: 'test', reason: 'thử máy' } },
    ],
  ])('with %s is refused', (_name, one) => {
    expect(windowToAgent.safeParse(one).success).toBe(false);
  });
});
