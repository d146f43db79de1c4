/**
 * How many pictures of now one person may have taken of cameras. Aiming one takes a few tries, and that is all they are for: cameras that
 * wait for an approved still frame have their own tries, the others together as many. Pure.
 * Refuses: to watch a counter picture by picture. See hub-server/DESIGN.md, "Onboarding a camera".
 */
import { STILL_DUE_MS } from './camera-standing.ts';

export const STILLS_WITHIN_MS = 3_600_000;
/** As many as a measuring has. */
const STILLS_MAX = 6;

/** `beside`: its approved still frame is not asked for again yet. */
export const stillOf = (approvedAt: number | null, at: number): 'needed' | 'beside' =>
  approvedAt === null || at >= approvedAt + STILL_DUE_MS ? 'needed' : 'beside';

/** `taken` by this person within the hour. */
export function mayTakeStill(
  cameraId: string,
  of: 'needed' | 'beside',
  taken: readonly { readonly cameraId: string; readonly of: 'needed' | 'beside' }[],
): boolean {
  const same = taken.filter((each) => (of === 'beside' ? each.of === of : each.cameraId === cameraId));
  return same.length < STILLS_MAX;
}
