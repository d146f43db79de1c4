/**
 * Purpose: a store that goes on when the disk is full: a commit that found no room is tried again after a step of the
 *   ballast was given back, until nothing is left. Then the refusal is honest: nothing was recorded, nobody is thanked.
 * Refuses: to call storing well again while the disk has no room for a whole rating.
 * Document: kiosk-app/DESIGN.md, "Full disk".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { Ballast, Clock, Committed, CounterStore, Reporter } from './ports.ts';
import { raiseAlarm } from './raise-alarm.ts';

/** How SQLite says that there was no room: for a page, for the WAL's index, for the WAL. */
const NO_ROOM = new Set([
  'SQLITE_FULL',
  'SQLITE_IOERR_SHMSIZE',
  'SQLITE_IOERR_WRITE',
  'SQLITE_IOERR_SHMOPEN',
]);
/** A commit writes some dozens of pages; less than this free would fail at the next one. */
const ROOM_BYTES = 262_144;

export interface BallastParts {
  readonly ballast: Ballast;
  readonly freeBytes: () => number | null;
  readonly clock: Clock;
  readonly report: Reporter;
}

/** The agent's store on a disk that may be full. */
export function spendingBallast(store: CounterStore, parts: BallastParts): CounterStore {
  const { ballast, freeBytes } = parts;
  let full = false;
  let told = false;
  const spend = (commit: () => Committed): Committed => {
    for (;;) {
      try {
        const committed = commit();
        if (told && ballast.bytes >= ballast.wantedBytes) told = false;
        return committed;
      } catch (error) {
        full = error instanceof CodedError && noRoom(error);
        if (!full || !ballast.release()) throw error;
        if (!told) raiseAlarm(parts, 'kiosk.ballast_used', '');
        told = true;
      }
    }
  };
  return {
    get state() {
      return store.state;
    },
    begin: (start, stamp, decide) => spend(() => store.begin(start, stamp, decide)),
    commit: (stamp, decide) => spend(() => store.commit(stamp, decide)),
    probe(stamp) {
      const free = full ? freeBytes() : null;
      if (free !== null && free < ROOM_BYTES) return false;
      return store.probe(stamp);
    },
  };
}

export function noRoom({ code, detail }: CodedError): boolean {
  return code === 'kiosk.cannot_store' && NO_ROOM.has(detail ?? '');
}
