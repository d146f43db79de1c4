/* A QR code as one path: exactly the dark modules, shifted by the quiet zone, on whole pixels of the screen. */
import { describe, expect, it } from 'vitest';
import { darkPath, moduleSize } from '../../../kiosk-app/renderer/qr-path.ts';
import { codeGroups } from '../../../kiosk-app/renderer/text/code-groups.ts';
import { qrRows } from '../../support/kiosk-screens.ts';

describe('the path', () => {
  it('covers every dark module once and no light one', () => {
    const dark = new Set<string>();
    for (const [, x, y, run] of darkPath(qrRows).matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g))
      for (let at = 0; at < Number(run); at += 1) dark.add(`${Number(x) + at} ${y}`);
    const wanted = qrRows.flatMap((row, y) =>
      [...row].flatMap((bit, x) => (bit === '1' ? [`${x + 4} ${y + 4}`] : [])),
    );
    expect([...dark].sort()).toEqual(wanted.sort());
  });
});

describe('a module', () => {
  it.each([
    [345, 69, 1, 5],
    [344, 69, 1, 4],
    [300, 69, 1.25, 5 / 1.25],
    [300, 69, 2, 8 / 2],
    [10, 69, 1, 1],
  ])('in %i px for %i modules at ratio %d is %d px', (box, modules, ratio, size) =>
    expect(moduleSize(box, modules, ratio)).toBe(size),
  );
});

describe('a short code', () => {
  it.each([
    ['K7M2Q9XT4A', ['K7M2Q', '9XT4A']],
    ['K7M2Q9XT', ['K7M2', 'Q9XT']],
    ['K7M2Q9', ['K7M2', 'Q9']],
  ])('%s is read in groups', (code, groups) => expect(codeGroups(code)).toEqual(groups));
});
