/**
 * Where the labels of one lane stand so that none covers another or a mark, nor lies under the playhead's band: right of its mark, else left
 * of it, else its short form. Where the band leaves no room it is passed over, since a gap's reason is always said; else nowhere (the mark
 * keeps its title), but for a mark that may hold its words. Those that counted are placed first. Pure; px.
 */
export interface Wanted {
  /** Left and right edge of the mark itself. */
  readonly start: number;
  readonly end: number;
  readonly full: string;
  readonly short: string | null;
  readonly first: boolean;
  /** Its words may stand inside the mark where there is no room beside it, cut to its width. */
  readonly within?: boolean;
}
export interface Placed {
  readonly text: string;
  readonly x: number;
  readonly anchor: 'start' | 'end';
  readonly within?: true;
}

/** Width of one character of a 12 px label, on average, and the gap beside a mark. */
export const CHARACTER = 6.6;
export const GAP = 7;
/** Fewer characters say nothing. */
const LEAST_WITHIN = 12;
const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;

/** `band`: left and right edge; null: the playhead is elsewhere, or nobody knows how wide it is. */
export function placeLabels(
  wanted: readonly Wanted[],
  from: number,
  to: number,
  band: readonly [number, number] | null = null,
): (Placed | null)[] {
  const taken = wanted.map((each): [number, number] => [each.start, each.end]);
  const free = (left: number, right: number, avoided: readonly (readonly [number, number])[]): boolean =>
    left >= from && right <= to && [...taken, ...avoided].every(([a, b]) => right <= a || left >= b);
  const placed: (Placed | null)[] = wanted.map(() => null);
  const order = wanted
    .map((_, index) => index)
    .sort((a, b) => Number(wanted[b]?.first) - Number(wanted[a]?.first));
  for (const index of order) {
    const mark = wanted[index];
    if (mark === undefined) continue;
    const texts = mark.short === null ? [mark.full] : [mark.full, mark.short];
    const ways = (band === null ? [[]] : [[band], []]).flatMap((avoided) =>
      texts.map((text) => ({ text, avoided })),
    );
    for (const { text, avoided } of ways) {
      const width = text.length * CHARACTER;
      if (
        free(mark.end + GAP, mark.end + GAP + width, avoided) &&
        free(mark.end, mark.end + GAP + width, [])
      ) {
        taken.push([mark.end, mark.end + GAP + width]);
        placed[index] = { text, x: mark.end + GAP, anchor: 'start' };
        break;
      }
      if (
        free(mark.start - GAP - width, mark.start - GAP, avoided) &&
        free(mark.start - GAP - width, mark.start, [])
      ) {
        taken.push([mark.start - GAP - width, mark.start]);
        placed[index] = { text, x: mark.start - GAP, anchor: 'end' };
        break;
      }
    }
    const [left, right] = [Math.max(mark.start, from) + GAP, Math.min(mark.end, to) - 2 * GAP];
    const fits = Math.floor((right - left) / CHARACTER);
    if (placed[index] === null && mark.within === true && fits >= LEAST_WITHIN)
      placed[index] = { text: cut(mark.full, fits), x: left, anchor: 'start', within: true };
  }
  return placed;
}
