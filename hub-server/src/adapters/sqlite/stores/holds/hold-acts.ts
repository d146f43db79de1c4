/**
 * What two people decide about footage that is kept: a hold by hand, the early end of any hold, and that a silent kiosk is waited
 * for no longer. Refuses: a hold without an end date, one of a camera nobody knows, to end what has ended.
 * Document: hub-server/DESIGN.md, "Holds" and "Retention".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import { judgeHold } from '../../../../domain/footage/hold.ts';
import { type Db, many, one, run } from '../../op.ts';
import type { ActWork } from '../acts/act-shape.ts';
import { EVER_SEEN } from '../cameras/camera-rows.ts';
import { appendAudit } from '../log/audit.ts';
import { WIDEST_LATENCY } from './hold-latency.ts';
import { livingRequest, place } from './hold-rows.ts';

interface CaseOf {
  readonly number: string;
  readonly type: string;
  readonly assigneeId: string;
}
const caseOf = (db: Db, id: string | null): CaseOf | null =>
  id === null
    ? null
    : (one<CaseOf>(db, 'SELECT number, type, assignee_id AS assigneeId FROM case_file WHERE id = ?', id) ??
      null);

/** Who decided, as far as is known inside the act: who asked. Both stand in `act.approved` beside it. */
const asker = (db: Db, userId: string): string =>
  `user:${one<{ username: string }>(db, 'SELECT username FROM web_user WHERE id = ?', userId)?.username ?? userId}`;

export const holdAdd: ActWork<'hold-add'> = {
  plan(db, { cameraId, from, to, until, caseId }, { at, userId }) {
    if (!one(db, 'SELECT 1 FROM camera WHERE id = ?', cameraId))
      throw new CodedError('reference.unknown', 'camera');
    const held = caseOf(db, caseId);
    // A case is its assignee's alone: to anybody else there is none.
    if (caseId !== null && held?.assigneeId !== userId) throw new CodedError('reference.unknown', 'case');
    const refused = judgeHold({ from, to }, until, at);
    if (refused) throw new CodedError(refused);
    return {
      object: held === null ? `camera:${cameraId}` : `case:${held.number}`,
      secret: held?.type === 'denunciation',
    };
  },
  effect(db, { cameraId, from, to, until, caseId }, { id, userId, at }) {
    const camera = one<{ latencyMs: number }>(
      db,
      `SELECT ${WIDEST_LATENCY} AS latencyMs FROM camera c WHERE c.id = ?`,
      cameraId,
    )!;
    const act = one<{ reason: string; secret: number }>(
      db,
      'SELECT reason, secret FROM two_person_act WHERE id = ?',
      id,
    );
    place(db, {
      ...{ request: id, kind: 'manual', subject: caseId, counterId: null, window: { from, to }, at, until },
      cameras: [{ id: cameraId, latencyMs: camera.latencyMs }],
      ...{ askedBy: userId, reason: act?.reason ?? '' },
    });
    const held = caseOf(db, caseId);
    appendAudit(db, {
      ...{ at, actor: asker(db, userId), action: 'hold.placed' },
      object: held === null ? `camera:${cameraId}` : `case:${held.number}`,
      reason: act?.secret === 1 ? null : (act?.reason ?? null),
      body: { hold: id, kind: 'manual', cameras: [cameraId], from, to, until },
    });
    return { hold: id };
  },
};

export const holdEnd: ActWork<'hold-end'> = {
  plan(db, { hold }, { userId }) {
    const { kind, subject } = livingRequest(db, hold);
    const held = kind === 'case' || kind === 'manual' ? caseOf(db, subject) : null;
    // Whoever asks reads what it is about.
    if (held?.type === 'denunciation' && held.assigneeId !== userId) throw new CodedError('access.refused');
    return {
      object: held === null ? `hold:${hold}` : `case:${held.number}`,
      secret: held?.type === 'denunciation',
    };
  },
  effect(db, { hold }, { id, userId, at }) {
    run(
      db,
      'UPDATE footage_hold SET ended_at = ?, ended_by = ? WHERE request = ? AND ended_at IS NULL',
      ...[at, id, hold],
    );
    appendAudit(db, {
      ...{ at, actor: asker(db, userId), action: 'hold.ended', object: `hold:${hold}`, reason: null },
      body: { hold, act: id },
    });
    return { hold };
  },
};

export const counterReported: ActWork<'counter-reported'> = {
  plan(db, { counterId, upTo }, { at }) {
    if (!one(db, 'SELECT 1 FROM counter WHERE id = ?', counterId))
      throw new CodedError('reference.unknown', 'counter');
    if (upTo > at) throw new CodedError('request.invalid', 'upTo');
    return { object: `counter:${counterId}`, secret: false };
  },
  effect(db, { counterId, upTo }, { id, userId, at }) {
    run(
      db,
      `INSERT INTO counter_reported (counter_id, up_to, decided_at, decided_by) VALUES (?,?,?,?)
       ON CONFLICT DO UPDATE SET up_to = max(up_to, excluded.up_to), decided_at = excluded.decided_at,
         decided_by = excluded.decided_by`,
      ...[counterId, upTo, at, JSON.stringify([asker(db, userId), `act:${id}`])],
    );
    const cameras = many<{ id: string }>(
      db,
      `SELECT DISTINCT cameraId AS id FROM (${EVER_SEEN}) WHERE counterId = ?`,
      counterId,
    );
    appendAudit(db, {
      ...{ at, actor: asker(db, userId), action: 'footage.reported', object: `counter:${counterId}` },
      ...{ reason: null, body: { upTo, act: id, cameras: cameras.map((each) => each.id) } },
    });
    return { counterId, upTo };
  },
};
