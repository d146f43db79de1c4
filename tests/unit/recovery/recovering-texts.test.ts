/* What the operator reads while a hub recovers: each device waited for by name, and what ends the waiting for a dead one. */
import { expect, test } from 'vitest';
import { shownTexts } from '../../../hub-server/src/commands/recovering-texts.ts';

const device = 'a1b2c3d4e5f60718293a';
const none = { recovering: true, since: 1, overridden: false, awaited: [], gaps: [], toConfirm: [] };
const awaited = { counterId: 'c', counter: '5A', device };

test('a replaced kiosk that was not heard is named, with what people must do about it', () => {
  const texts = shownTexts({
    ...none,
    awaited: [
      { ...awaited, state: 'unheard', replaced: true },
      { ...awaited, state: 'sending', replaced: false },
    ],
  } as never);
  expect(texts.map(({ vi }) => vi)).toEqual([
    'Quầy 5A, thiết bị a1b2c3d4e5f6: chưa kết nối lại; quầy đã có thiết bị mới hơn',
    'Quầy 5A, thiết bị a1b2c3d4e5f6: đang gửi lại',
    expect.stringContaining('phải thu hồi'),
  ]);
  expect(texts.map(({ en }) => en)).toEqual([
    'Counter 5A, device a1b2c3d4e5f6: not heard yet; a newer one stands at the counter',
    'Counter 5A, device a1b2c3d4e5f6: sending again',
    expect.stringContaining('must be revoked'),
  ]);
});

test('nobody who only sends is to be revoked, and a whole hub says so', () => {
  expect(
    shownTexts({ ...none, awaited: [{ ...awaited, state: 'sending', replaced: false }] } as never),
  ).toHaveLength(1);
  expect(shownTexts({ ...none, recovering: false } as never)[0]?.en).toContain('the data is whole');
});
