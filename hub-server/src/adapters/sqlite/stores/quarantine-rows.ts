/** Quarantine as rows: one event with what stood around it, and the judging again that an upgrade makes due. */

import { JUDGE_SLICE, judgeAgain } from '../../../application/judge-again.ts';
import type { AsideDetail } from '../../../application/ports/inbox.ts';
import { JUDGE_VERSION } from '../../../domain/transactions/judge-event.ts';
import { type Db, many, one } from '../op.ts';
import { inboxState, rules } from './inbox-rows.ts';
import { getMeta, setMeta } from './meta.ts';
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

/** Whether this program judges otherwise than the one that judged what lies there; then one slice of it. */
export function judgeDue(db: Db): { more: boolean; counters: string[] } {
  const version = String(JUDGE_VERSION);
  if (getMeta(db, 'judge.version') === version) return { more: false, counters: [] };
  const done = judgeAgain(inboxState(db), projectionState(db), rules, {
    ...{ device: null, after: Number(getMeta(db, 'judge.after') ?? '0'), limit: JUDGE_SLICE },
  });
  setMeta(db, 'judge.after', String(done.next ?? 0));
  if (done.next === null) setMeta(db, 'judge.version', version);
  return { more: done.next !== null, counters: [...done.told.counters] };
}
