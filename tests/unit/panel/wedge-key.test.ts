/* Keys that a panel types into the window (firmware-notes/families.md, "hid-wedge"). */
import { wedgeKey } from '@hailong/shared/model/wedge-key.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const map = { keys: ['Digit1', 'Digit2', 'Digit3'], ignore: ['Enter'] };
const plain = { repeat: false, modified: false, inField: false };

it('a key of the map is its button while a question is open', () => {
  expect(wedgeKey(map, { ...plain, code: 'Digit3' }, true)).toEqual({ kind: 'button', button: 3 });
  expect(wedgeKey(map, { ...plain, code: 'Enter' }, true)).toEqual({ kind: 'swallow' });
  expect(wedgeKey(map, { ...plain, code: 'Enter' }, false)).toEqual({ kind: 'other' });
  expect(wedgeKey(map, { ...plain, code: 'KeyA' }, true)).toEqual({ kind: 'other' });
});

it('is never a button otherwise', () => {
  const typed = fc.record({
    code: fc.constantFrom('Digit1', 'Digit2', 'Enter', 'KeyA', 'ArrowUp'),
    ...{ repeat: fc.boolean(), modified: fc.boolean(), inField: fc.boolean() },
  });
  fc.assert(
    fc.property(typed, fc.boolean(), (key, asking) => {
      const act = wedgeKey(map, key, asking);
      const counts = asking && !key.repeat && !key.modified && !key.inField && map.keys.includes(key.code);
      expect(act.kind === 'button').toBe(counts);
      // What somebody types into a field is theirs.
      if (key.inField || key.modified) expect(act.kind).toBe('other');
    }),
  );
});
