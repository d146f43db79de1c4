/** Rows of modules as one path, and how large a module is drawn. Pure; the standard asks for a quiet zone of four. */
export const QUIET_MODULES = 4;

/** One path over all dark modules, row by row in runs. */
export function darkPath(rows: readonly string[]): string {
  return rows
    .flatMap((row, y) =>
      [...row.matchAll(/1+/g)].map(
        ({ index, 0: run }) =>
          `M${index + QUIET_MODULES} ${y + QUIET_MODULES}h${run.length}v1h-${run.length}z`,
      ),
    )
    .join('');
}

/** CSS pixels of one module in a box: whole pixels of the screen, at least one. */
export function moduleSize(boxPx: number, modules: number, pixelRatio: number): number {
  return Math.max(1, Math.floor((boxPx * pixelRatio) / modules)) / pixelRatio;
}
