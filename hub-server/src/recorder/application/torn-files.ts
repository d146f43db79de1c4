/**
 * Purpose: files that no player can read and that a hold covers. They are kept for whoever can read more of them than a player does,
 * and remembered, so that no sweep reads, counts or logs them again, and `verify` knows why they lie there without a row.
 * Refuses: to remember one without a hold: it is removed. One that was written since is read again.
 * Document: hub-server/DESIGN.md, "Repair".
 */
import type { CameraId } from '@hailong/shared/ids.ts';
import type { IsHeld } from '../domain/holds.ts';
import type { FootageFiles, FootageIndex, TornRow } from './ports.ts';

/** A file that nobody can read was being written so long before it was last, at most, ms. */
export const TORN_MS = 30_000;
const PAGE = 1_000;

interface Found {
  readonly file: string;
  readonly camera: CameraId;
  readonly modifiedAt: number;
}
type Index = Pick<
  FootageIndex,
  'placeOf' | 'lastMapping' | 'tornRow' | 'keepTorn' | 'dropTorn' | 'tornFiles'
>;

/** When it may have been filmed, for TORN_MS each: by the disk's clock, and where its run is placed. */
function beginsOf(index: Index, { file, modifiedAt }: Found): number[] {
  const before = placeBefore(index, file);
  return [modifiedAt - TORN_MS, ...(before ? [before.mapping.offsetMs + before.mediaEndMs] : [])];
}

/** Remembers it where it is held. False: no hold covers it. */
export function keepTorn(index: Index, torn: Found, held: IsHeld): boolean {
  const begins = beginsOf(index, torn);
  if (!begins.some((at) => held(torn.camera, at, at + TORN_MS))) {
    index.dropTorn(torn.file);
    return false;
  }
  const known = index.tornRow(torn.file);
  const row: TornRow = { file: torn.file, modifiedAt: torn.modifiedAt, begins };
  if (JSON.stringify(known) !== JSON.stringify(row)) index.keepTorn(row);
  return true;
}

/** Known as torn, as it is now, and still held. Null: it is known, and whether it is held is not. */
export function isKeptTorn(index: Index, found: Found, held: IsHeld | null): boolean | null {
  if (index.tornRow(found.file)?.modifiedAt !== found.modifiedAt) return false;
  return held === null ? null : keepTorn(index, found, held);
}

/** Those that somebody took away are remembered no more. */
export async function forgetTorn(index: Index, files: Pick<FootageFiles, 'modifiedAt'>): Promise<void> {
  let page: readonly string[] = [];
  do {
    page = index.tornFiles(page.at(-1) ?? null, PAGE);
    // What the disk does not say is never taken for gone.
    for (const file of page)
      if ((await files.modifiedAt(file).catch(() => undefined)) === null) index.dropTorn(file);
  } while (page.length === PAGE);
}

/** Where the file before it in the same folder ended, when that one is kept: the run goes on in this one. */
export function placeBefore(index: Pick<FootageIndex, 'placeOf' | 'lastMapping'>, file: string) {
  const numbered = /^(.*\/)(\d{6,9})\.mp4$/.exec(file);
  if (!numbered || Number(numbered[2]) === 0) return null;
  const number = String(Number(numbered[2]) - 1).padStart(6, '0');
  const place = index.placeOf(`${numbered[1]}${number}.mp4`);
  const mapping = place && index.lastMapping(place.run);
  return mapping ? { ...place, mapping } : null;
}
