/**
 * Holds as the recorder is told them: merged per camera, and where there are more than one message carries, with their
 * smallest spaces filled: more is held than asked, never less. Pure. See hub-server/DESIGN.md, "Holds".
 */
export interface HeldInterval {
  readonly camera: string;
  readonly from: number;
  readonly to: number;
}

/** Segments near a hold are held anyway (recorder/domain/holds.ts), so that spaces below are none. */
const FIRST_SPACE_MS = 20_000;

export function atMost<H extends HeldInterval>(holds: readonly H[], most: number): H[] {
  const sorted = [...holds].sort((a, b) =>
    a.camera < b.camera ? -1 : a.camera > b.camera ? 1 : a.from - b.from,
  );
  for (let space = FIRST_SPACE_MS; ; space *= 2) {
    const out = merged(sorted, space);
    // Beyond a century a camera has one interval; more cameras than that cannot be.
    if (out.length <= most || space > 4e12) return out;
  }
}

function merged<H extends HeldInterval>(sorted: readonly H[], space: number): H[] {
  const out: H[] = [];
  for (const each of sorted) {
    const last = out.at(-1);
    if (last && last.camera === each.camera && each.from - last.to <= space)
      out[out.length - 1] = { ...last, to: Math.max(last.to, each.to) };
    else out.push(each);
  }
  return out;
}
