/**
 * Where segments of a time are looked for by their arrival. An arrival is what the recorder's machine said of the time; where that was
 * wrong, footage lies so far beside it. These distances are few, and kept by camera. See hub-server/DESIGN.md, "Recording".
 */
import type { RunMapping, Segment } from '@hailong/shared/protocol/footage.ts';
import { type Db, one, run } from '../op.ts';

/** Arrival follows filming by the segment's length and lateness; looked around generously, filtered by mapping. */
export const AROUND_MS = 120_000;
/** Less than this is found by looking around. */
const BESIDE_MS = 60_000;
/** Clocks that were wrong in different ways, at one camera. */
const SHIFTS_MAX = 32;

export interface ArrivalRange {
  readonly from: number;
  readonly to: number;
}
const keyOf = (camera: string): string => `footage.beside:${camera}`;

/** Distances of this camera's footage from its arrivals, ms. */
export function shiftsOf(db: Db, camera: string): readonly number[] {
  const held = one<{ value: string }>(db, 'SELECT value FROM meta WHERE key = ?', keyOf(camera));
  return held === undefined ? [] : (JSON.parse(held.value) as number[]);
}

function note(db: Db, camera: string, shiftMs: number): void {
  const held = shiftsOf(db, camera);
  if (Math.abs(shiftMs) <= BESIDE_MS || held.some((each) => Math.abs(each - shiftMs) <= BESIDE_MS)) return;
  const value = JSON.stringify([...held, shiftMs].slice(-SHIFTS_MAX));
  run(
    db,
    'INSERT INTO meta (key, value) VALUES (?,?) ON CONFLICT DO UPDATE SET value = excluded.value',
    keyOf(camera),
    value,
  );
}

/** A segment whose run's mapping puts it beside its arrival. One found again is not looked for by arrival. */
export function noteSegment(db: Db, { camera, run: of, mediaEndMs, arrivalAt, flags }: Segment): void {
  if (flags.includes('recovered')) return;
  const mapping = one<{ offset: number }>(
    db,
    'SELECT offset_ms AS offset FROM run_mapping WHERE run = ? ORDER BY version DESC LIMIT 1',
    of,
  );
  if (mapping) note(db, camera, mapping.offset + mediaEndMs - arrivalAt);
}

/** A run that is placed anew. */
export function noteMapping(db: Db, { camera, run: of, version, offsetMs }: RunMapping): void {
  const before = one<{ offset: number }>(
    db,
    'SELECT offset_ms AS offset FROM run_mapping WHERE run = ? AND version < ? ORDER BY version DESC LIMIT 1',
    ...[of, version],
  );
  const movedMs = before === undefined ? 0 : offsetMs - before.offset;
  if (Math.abs(movedMs) > BESIDE_MS)
    for (const each of [0, ...shiftsOf(db, camera)]) note(db, camera, each + movedMs);
}

/** Apart from each other. */
export function arrivalRanges(db: Db, camera: string, from: number, to: number): ArrivalRange[] {
  const out: { from: number; to: number }[] = [];
  const all = [0, ...shiftsOf(db, camera)].map((shift) => ({
    from: from - shift - AROUND_MS,
    to: to - shift + AROUND_MS,
  }));
  for (const each of all.sort((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last && each.from <= last.to) last.to = Math.max(last.to, each.to);
    else out.push(each);
  }
  return out;
}
