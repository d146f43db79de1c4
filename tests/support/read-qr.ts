/** Reads a QR code as a phone would: jsqr (Apache-2.0, no dependencies) finds it in pixels; nothing of ours drew them. */
import { createRequire } from 'node:module';

/** Required, since its types say of its default export one thing to Node and another to a bundler. */
const jsqr = createRequire(import.meta.url)('jsqr') as (
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
) => { readonly data: string } | null;

/** `rgba`: four bytes a pixel, row by row. Null: no code in it. */
export function findQr(rgba: Uint8ClampedArray, width: number, height: number): string | null {
  return jsqr(rgba, width, height)?.data ?? null;
}

const [MODULE_PX, QUIET] = [4, 4];

/** Rows of modules, `1` dark, drawn with a quiet zone and read back. */
export function readQr(rows: readonly string[]): string {
  const side = (rows.length + 2 * QUIET) * MODULE_PX;
  const rgba = new Uint8ClampedArray(side * side * 4).fill(255);
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x++)
      if (row[x] === '1')
        for (let dy = 0; dy < MODULE_PX; dy++)
          for (let dx = 0; dx < MODULE_PX; dx++) {
            const at = (((y + QUIET) * MODULE_PX + dy) * side + (x + QUIET) * MODULE_PX + dx) * 4;
            rgba.fill(0, at, at + 3);
          }
  });
  const text = findQr(rgba, side, side);
  if (text === null) throw new Error('no QR code in the picture');
  return text;
}
