/**
 * Where the labels of one lane stand so that none covers another or a mark: right of its mark, else left of it, else
 * its short form, else nowhere (the mark keeps its title). Those that counted are placed first. Pure; px.
 */
export interface Wanted {
  /** Left and right edge of the mark itself. */
  readonly start: number;
  readonly end: number;
  readonly full: string;
  readonly short: string | null;
  readonly first: boolean;
}
export interface Placed {
  readonly text: string;
  readonly x: number;
  readonly anchor: 'start' | 'end';
}

/** Width of one character of a 12 px label, on average, and the gap beside a mark. */
export const CHARACTER = 6.6;
const GAP = 7;

export function placeLabels(wanted: readonly Wanted[], from: number, to: number): (Placed | null)[] {
  const taken = wanted.map((each): [number, number] => [each.start, each.end]);
  const free = (left: number, right: number): boolean =>
    left >= from && right <= to && taken.every(([a, b]) => right <= a || left >= b);
  const placed: (Placed | null)[] = wanted.map(() => null);
  const order = wanted
    .map((_, index) => index)
    .sort((a, b) => Number(wanted[b]?.first) - Number(wanted[a]?.first));
  for (const index of order) {
    const mark = wanted[index];
    if (mark === undefined) continue;
    for (const text of mark.short === null ? [mark.full] : [mark.full, mark.short]) {
      const width = text.length * CHARACTER;
      if (free(mark.end, mark.end + GAP + width)) {
        taken.push([mark.end, mark.end + GAP + width]);
        placed[index] = { text, x: mark.end + GAP, anchor: 'start' };
        break;
      }
      if (free(mark.start - GAP - width, mark.start)) {
        taken.push([mark.start - GAP - width, mark.start]);
        placed[index] = { text, x: mark.start - GAP, anchor: 'end' };
        break;
      }
    }
  }
  return placed;
}
