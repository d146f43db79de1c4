/**
 * Purpose: space that the index keeps for itself, so that a full disk can still be told of and cleared: deleting footage
 * writes its row first. Given up when the disk refuses, laid up again when there is space.
 * Refuses: a second try without having given anything up. See hub-server/DESIGN.md, "Recording".
 */
import { closeSync, existsSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@hailong/shared/time.ts';
import type { FootageIndex } from '../application/ports.ts';

/** Some thousand rows through the write-ahead log. */
const RESERVE_BYTES = 4_194_304;
const LAY_UP_EVERY_MS = 60_000;

export function withReserve<
  I extends Pick<FootageIndex, 'record' | 'saveWall' | 'placeAnew' | 'placeBetween'>,
>(index: I, folder: string, clock: Clock): I {
  const path = join(folder, 'reserve');
  let triedAt = Number.NEGATIVE_INFINITY;

  function layUp(): void {
    if (clock.monotonic() - triedAt < LAY_UP_EVERY_MS || isWhole()) return;
    triedAt = clock.monotonic();
    // Nobody hears of a refusal: what was to be stored is stored.
    try {
      const file = openSync(path, 'w', 0o600);
      try {
        // Written, not only named: a hole in a file reserves nothing.
        for (let left = RESERVE_BYTES; left > 0; )
          left -= writeSync(file, Buffer.alloc(Math.min(left, 65_536), 1));
      } finally {
        closeSync(file);
      }
    } catch {
      rmSync(path, { force: true });
    }
  }

  /** A recorder that was killed while laying it up leaves a part of it. */
  function isWhole(): boolean {
    return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= RESERVE_BYTES;
  }

  function write(store: () => void): void {
    try {
      store();
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_FULL' || !existsSync(path)) throw error;
      rmSync(path, { force: true });
      triedAt = clock.monotonic();
      store();
    }
    layUp();
  }

  layUp();
  return {
    ...index,
    record: (...facts) => write(() => index.record(...facts)),
    saveWall: (wall) => write(() => index.saveWall(wall)),
    placeAnew: (wall, facts) => write(() => index.placeAnew(wall, facts)),
    placeBetween: (facts) => write(() => index.placeBetween(facts)),
  };
}
