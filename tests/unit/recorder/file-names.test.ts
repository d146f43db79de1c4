/* A folder's names answer as a set of them would, whatever they look like. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FileNames } from '../../../hub-server/src/recorder/domain/file-names.ts';

const name = fc.oneof(
  { weight: 4, arbitrary: fc.nat(40).map((n) => `${String(n).padStart(6, '0')}.mp4`) },
  { weight: 2, arbitrary: fc.nat(12_000_000).map((n) => `${String(n).padStart(6, '0')}.mp4`) },
  fc.constantFrom(
    '0000007.mp4',
    '7.mp4',
    '00007.mp4',
    '000007.mp',
    '000007.mp4.mp4',
    '-00007.mp4',
    'x.mp4',
    '999999999.mp4',
  ),
);

it('is a set of names', () => {
  fc.assert(
    fc.property(fc.array(name, { maxLength: 60 }), fc.array(name, { maxLength: 60 }), (added, asked) => {
      const names = new FileNames();
      for (const one of added) names.add(one);
      const set = new Set(added);
      for (const one of [...added, ...asked]) expect([one, names.has(one)]).toEqual([one, set.has(one)]);
    }),
  );
});
