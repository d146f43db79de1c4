/**
 * Acts of two people on SQLite. Who may is judged on the people's rows as they stand in this very transaction; what the act
 * makes and its row of the log commit with the approval, so that it happens once or not at all.
 * See hub-server/DESIGN.md, "Acts of two people".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import { ACT_WORDS, type ActAnswer, type ActKind, type ActState } from '@hailong/shared/protocol/acts.ts';
import type { Role } from '@hailong/shared/protocol/http.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { ActsPort } from '../../../../application/ports/acts.ts';
import {
  ACT_RULES,
  type ActPerson,
  approvers,
  judgeApproval,
  judgeRefusal,
  mayAsk,
} from '../../../../domain/access/act-law.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { isRevoked, issuedToken } from '../accounts/tokens-store.ts';
import { appendAudit } from '../log/audit.ts';
import { aboutOf } from './act-about.ts';
import type { ActWork } from './act-shape.ts';
import { ACT_WORK } from './act-work.ts';

/** Own ones are shown this long after they were asked. */
const SHOWN_MS = 30 * 86_400_000;
const SHOWN_MAX = 200;

interface ActRow {
  id: string;
  kind: ActKind;
  object: string;
  body: string;
  reason: string;
  secret: number;
  asked_by: string;
  asked_username: string;
  asked_name: string;
  asked_via: string;
  asked_at: number;
  expires_at: number;
  state: ActState;
  decided_username: string | null;
  decided_name: string | null;
  decided_at: number | null;
  decided_reason: string | null;
  result: string | null;
}

function answerOf(db: Db, row: ActRow, reader: Pick<ActPerson, 'userId' | 'roles'>, at: number): ActAnswer {
  const over = row.state === 'pending' && row.expires_at <= at;
  const state = over ? 'expired' : row.state;
  const mine = row.asked_by === reader.userId;
  const decides = approvers(row.kind, row.secret === 1).some((role) => reader.roles.includes(role));
  const body = JSON.parse(row.body);
  return {
    ...{ id: row.id, kind: row.kind, object: row.object, body, reason: row.reason },
    about: aboutOf(db, row.kind, body, row.secret === 1),
    askedBy: { username: row.asked_username, name: row.asked_name },
    ...{ askedAt: row.asked_at as UtcMs, expiresAt: row.expires_at as UtcMs, state },
    decidedBy:
      row.decided_username === null ? null : { username: row.decided_username, name: row.decided_name ?? '' },
    ...{ decidedAt: row.decided_at as UtcMs | null, decidedReason: row.decided_reason },
    result: row.result === null ? null : JSON.parse(row.result),
    ...{ mine, mayDecide: state === 'pending' && !mine && decides && !isRevoked(db, row.asked_via) },
  };
}

/** Null: nobody, also where the token they acted by was revoked since. One that is past its day was theirs when they did, as a session that ended was. */
function personAt(db: Db, userId: string, via: string): ActPerson | null {
  const row = one<{ username: string; name: string; roles: string; active: number }>(
    db,
    'SELECT username, name, roles, active FROM web_user WHERE id = ?',
    userId,
  );
  if (!row || isRevoked(db, via)) return null;
  const { username, name } = row;
  return {
    ...{ userId, username, name, via, own: isOwn(db, via) },
    roles: JSON.parse(row.roles) as Role[],
    active: row.active === 1,
  };
}

const isOwn = (db: Db, via: string): boolean =>
  !via.startsWith('token:') || issuedToken(db, via)?.actor.startsWith('user:') === true;

const held = (db: Db, id: string) => one<ActRow>(db, 'SELECT * FROM two_person_act WHERE id = ?', id);
const workOf = (kind: ActKind) => ACT_WORK[kind] as ActWork<ActKind>;
const pendingOf = (row: ActRow) => ({
  ...{ kind: row.kind, state: row.state, expiresAt: row.expires_at, secret: row.secret === 1 },
});
/** The words of a denunciation stay out of the log, which administrators read. */
const loggedReason = (row: Pick<ActRow, 'secret'>, reason: string) => (row.secret === 1 ? null : reason);
const loggedBody = ({ secret }: Pick<ActRow, 'secret'>, body: object) =>
  secret === 1 ? Object.fromEntries(Object.entries(body).filter(([key]) => !ACT_WORDS.has(key))) : body;

function decide(
  db: Db,
  row: ActRow,
  by: ActPerson,
  to: { state: ActState; reason: string | null; result: unknown; at: number },
): ActAnswer {
  run(
    db,
    `UPDATE two_person_act SET state = ?, decided_by = ?, decided_username = ?, decided_name = ?, decided_via = ?,
       decided_at = ?, decided_reason = ?, result = ? WHERE id = ? AND state = 'pending'`,
    ...[to.state, by.userId, by.username, by.name, by.via, to.at, to.reason],
    ...[to.result === null ? null : JSON.stringify(to.result), row.id],
  );
  const action = to.state === 'approved' ? ('act.approved' as const) : ('act.refused' as const);
  const reason = to.reason ?? row.reason;
  appendAudit(db, {
    ...{ at: to.at, actor: `user:${by.username}`, action, object: row.object },
    reason: loggedReason(row, reason),
    body: {
      ...{ act: row.id, kind: row.kind, state: to.state, by: [row.asked_username, by.username] },
      ...{ via: [row.asked_via, by.via], asked: loggedBody(row, JSON.parse(row.body)), result: to.result },
    },
  });
  return answerOf(db, held(db, row.id) as ActRow, by, to.at);
}

export const actsStore: Store<ActsPort> = {
  ask: write((db, { id, userId, via, request, at }) => {
    const { kind, reason } = request;
    const person = personAt(db, userId, via);
    if (!person || !mayAsk(kind, person)) throw new CodedError('access.refused');
    if (!person.own) throw new CodedError('access.token_given');
    const { object, secret } = workOf(kind).plan(db, request.body, { id, userId, at });
    const body = JSON.stringify(request.body);
    const waits = one<ActRow>(
      db,
      `SELECT * FROM two_person_act WHERE asked_by = ? AND kind = ? AND body = ? AND state = 'pending' AND expires_at > ?
       ORDER BY asked_at DESC, id DESC`,
      ...[userId, kind, body, at],
    );
    // One that nobody may approve any more stands in nobody's way.
    if (waits && !isRevoked(db, waits.asked_via)) return answerOf(db, waits, person, at);
    const expiresAt = at + ACT_RULES[kind].livesMs;
    run(
      db,
      `INSERT INTO two_person_act (id, kind, object, body, reason, secret, asked_by, asked_username, asked_name, asked_via,
         asked_at, expires_at, state) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,'pending')`,
      ...[id, kind, object, body, reason, secret ? 1 : 0],
      ...[userId, person.username, person.name, via, at, expiresAt],
    );
    const row = held(db, id) as ActRow;
    appendAudit(db, {
      ...{ at, actor: `user:${person.username}`, action: 'act.asked', object },
      reason: loggedReason(row, reason),
      body: { act: id, kind, via, expiresAt, asked: loggedBody(row, request.body) },
    });
    return answerOf(db, row, person, at);
  }),
  approve: write((db, { id, userId, via, at }) => {
    const row = held(db, id);
    const person = personAt(db, userId, via);
    if (!row || !person) throw new CodedError('request.not_found');
    const asker = personAt(db, row.asked_by, row.asked_via);
    const refused = judgeApproval(pendingOf(row), asker, person, at);
    if (refused) throw new CodedError(refused);
    const work = workOf(row.kind);
    const act = { id, userId: row.asked_by, at };
    const body = JSON.parse(row.body);
    // What it is about may have changed since it was asked.
    work.plan(db, body, act);
    return decide(db, row, person, {
      ...{ state: 'approved', reason: null, result: work.effect(db, body, act), at },
    });
  }),
  refuse: write((db, { id, userId, via, reason, at }) => {
    const row = held(db, id);
    const person = personAt(db, userId, via);
    if (!row || !person) throw new CodedError('request.not_found');
    const judged = judgeRefusal(pendingOf(row), row.asked_by, person, at);
    if (judged !== 'refused' && judged !== 'withdrawn') throw new CodedError(judged);
    return decide(db, row, person, { state: judged, reason, result: null, at });
  }),
  list: read((db, { userId, roles, at }) =>
    many<ActRow>(
      db,
      `SELECT * FROM two_person_act WHERE state = 'pending' AND expires_at > ?
       UNION SELECT * FROM two_person_act WHERE asked_by = ? AND asked_at > ? ORDER BY asked_at DESC LIMIT ${SHOWN_MAX}`,
      ...[at, userId, at - SHOWN_MS],
    )
      .map((row) => answerOf(db, row, { userId, roles }, at))
      .filter(({ mine, mayDecide }) => mine || mayDecide),
  ),
  lapse: write((db, { at }) => {
    const over = many<ActRow>(
      db,
      `UPDATE two_person_act SET state = 'expired', decided_at = ? WHERE state = 'pending' AND expires_at <= ? RETURNING *`,
      ...[at, at],
    );
    for (const row of over)
      appendAudit(db, {
        ...{ at, actor: 'hub', action: 'act.expired', object: row.object, reason: null },
        body: { act: row.id, kind: row.kind },
      });
    return over.length;
  }),
};
