/** Quarantine as rows: one event with what stood around it, and the judging again that an upgrade makes due. */

import { JUDGE_SLICE, type JudgedAgain, judgeAgain } from '../../../../application/inbox/judge-again.ts';
import type { AsideDetail } from '../../../../application/ports/inbox.ts';
import { JUDGE_VERSION } from '../../../../domain/transactions/judge-event.ts';
import { type Db, many, one, run } from '../../op.ts';
import { getMeta, setMeta } from '../meta.ts';
import { inboxState, rules } from './inbox-rows.ts';
import { projectionState } from './projection-rows.ts';

/** Events shown before and after the one that is asked for. */
const AROUND = 3;
/** Bytes shown of one event. */
const SHOWN_BYTES = 4_096;

export function asideDetail(db: Db, id: number): AsideDetail | null {
  const row = one<Omit<AsideDetail, 'around' | 'bytes'> & { epochId: number; start: Uint8Array }>(
    db,
    `SELECT event.id, epoch_id AS epochId, de.device, de.epoch, event.seq, status, code, detail,
       received_at AS receivedAt, lower(hex(hash)) AS hash, length(bytes) AS size, substr(bytes, 1, ${SHOWN_BYTES}) AS start,
       (SELECT counter_id FROM device WHERE id = de.device) AS counterId
     FROM event JOIN device_epoch de ON de.id = epoch_id WHERE event.id = ? AND status <> 'stored'`,
    id,
  );
  if (!row) return null;
  const { start, epochId, ...shown } = row;
  const around = many<AsideDetail['around'][number]>(
    db,
    `SELECT id, seq, status, type, at FROM event
     WHERE epoch_id = ? AND branch = 0 AND seq BETWEEN ? AND ? AND id <> ? ORDER BY seq`,
    ...[epochId, row.seq - AROUND, row.seq + AROUND, id],
  );
  return { ...shown, bytes: start, around };
}

/** Devices whose events are due stand in `meta`, each with where it goes on. */
const DUE = 'judge.due:';

/** One slice, which moves its cursor in the same transaction; a program that is killed goes on there. */
function slice(db: Db, key: string, device: string | null): JudgedAgain {
  const after = Number(getMeta(db, key) ?? '0');
  const done = judgeAgain(inboxState(db), projectionState(db), rules, { device, after, limit: JUDGE_SLICE });
  if (done.next === null) run(db, 'DELETE FROM meta WHERE key = ?', key);
  else setMeta(db, key, String(done.next));
  return done;
}

/** The next slice of all that lies aside, as an operator asks for it: a command that was killed goes on when given again. */
export function judgeNext(db: Db): JudgedAgain {
  return slice(db, 'judge.retry', null);
}

/** What lies aside of one device, for which something changed: the first slice now, the others by `judgeDue`. */
export function judgeFromStart(db: Db, device: string): void {
  const key = `${DUE}${device}`;
  run(db, 'DELETE FROM meta WHERE key = ?', key);
  slice(db, key, device);
}

/**
 * One slice of what is due: all of it where this program judges otherwise than the one that judged what lies there, else
 * that of a device that was enrolled.
 */
export function judgeDue(db: Db): { more: boolean; counters: string[] } {
  const version = String(JUDGE_VERSION);
  if (getMeta(db, 'judge.version') !== version) {
    const { next, told } = slice(db, 'judge.after', null);
    if (next === null) setMeta(db, 'judge.version', version);
    return { more: true, counters: [...told.counters] };
  }
  const due = one<{ key: string }>(db, `SELECT key FROM meta WHERE key GLOB '${DUE}*' LIMIT 1`);
  if (!due) return { more: false, counters: [] };
  const { told } = slice(db, due.key, due.key.slice(DUE.length));
  return { more: true, counters: [...told.counters] };
}
