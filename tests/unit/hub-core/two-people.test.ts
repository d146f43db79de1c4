/* Purpose: what two people must do, one cannot do under two spellings. */
import { expect, test } from 'vitest';
import { mustBeTwo } from '../../../hub-server/src/domain/access/two-people.ts';

test('one person under two spellings is one person', () => {
  mustBeTwo(['Lê An', 'Trần Bình']);
  mustBeTwo(['Lê An', 'Le An']);
  for (const by of [
    ['Lê An', 'Lê An'.normalize('NFD')],
    ['Lê An', 'lê  an'],
    ['Lê An', 'Lê\u00a0An'],
    ['Lê An', 'Lê A\u200bn'],
    ['Lê An', 'Lê A\u00adn'],
    ['Lê An', 'Lê A\u034fn'],
    ['Lê An', 'Ｌê Ａn'],
    ['Lê An', 'Lê\tAn\n'],
    ['Lê An', '\u200b'],
    ['Lê An'],
    ['Lê An', 'Trần Bình', 'Chi'],
  ])
    expect(() => mustBeTwo(by), JSON.stringify(by)).toThrow('access.two_people');
});
