/**
 * A counter as its station shows it: facts first, the intents still on their way beside them. No level anywhere, and
 * nothing that came of a citizen's touch: see hub-server/DESIGN.md, "A silent station".
 */
import { type ErrorCode, isErrorCode, problem } from '@hailong/shared/errors.ts';
import type { OfficerProfile } from '@hailong/shared/model/directory.ts';
import type { StationAnswer } from '@hailong/shared/protocol/http.ts';
import { VIETNAM_OFFSET_MS, vietnamMonth } from '@hailong/shared/time.ts';
import type { DeviceRow } from '../../../../application/ports/devices.ts';
import type { IntentRow } from '../../../../application/ports/intents.ts';
import type { OpenDuty, StoredCounterView, ViewsPort } from '../../../../application/ports/views.ts';
import { type Db, many, one, read, type Store } from '../../op.ts';
import { deviceOfCounter } from '../kiosks/device-rows.ts';
import { INTENT_COLUMNS } from './intents-store.ts';
import {
  dossierView,
  dutyLane,
  lanesView,
  latestAt,
  queueView,
  ratingsView,
  transactionView,
} from './transaction-views.ts';

const DAY_MS = 86_400_000;
/** How many of the newest transactions are looked through for the last closed prompt. */
const LOOK_BACK = 10;

const reasonOf = (code: string | null): ReturnType<typeof problem> | null =>
  code === null ? null : problem(isErrorCode(code) ? (code as ErrorCode) : 'request.conflict');

const OPEN_DUTY = `SELECT id AS dutyId, officer_id AS officerId, counter_id AS counterId, started_at AS since,
  started_event AS event FROM duty`;

/** The duty that runs at a counter: the newest one, unless it has ended. */
export function openDuty(db: Db, counterId: string): (OpenDuty & { since: number }) | null {
  const newest = one<OpenDuty & { since: number; ended: number | null }>(
    db,
    `SELECT id AS dutyId, officer_id AS officerId, counter_id AS counterId, started_at AS since, ended_at AS ended
     FROM duty WHERE counter_id = ? ORDER BY started_at DESC, started_event DESC LIMIT 1`,
    counterId,
  );
  return newest && newest.ended === null ? newest : null;
}

function dutyView(db: Db, counterId: string): { duty: StationAnswer['duty']; officerId: string | null } {
  const start = one<IntentRow & { content: string }>(
    db,
    `SELECT ${INTENT_COLUMNS}, content FROM intent WHERE counter_id = ? AND kind = 'duty.start' ORDER BY seq DESC LIMIT 1`,
    counterId,
  );
  const running = openDuty(db, counterId);
  if (running && start?.state !== 'pending')
    return {
      duty: {
        id: running.dutyId,
        state: 'started',
        since: running.since,
        reason: null,
      } as StationAnswer['duty'],
      officerId: running.officerId,
    };
  if (!start || start.state === 'accepted') return { duty: null, officerId: null };
  const { profile } = JSON.parse(start.content) as { profile: OfficerProfile };
  return {
    duty: {
      id: start.dutyId,
      state: start.state === 'pending' ? 'starting' : 'refused',
      since: null,
      reason: reasonOf(start.code),
    } as StationAnswer['duty'],
    officerId: profile.id,
  };
}

function counterView(db: Db, counterId: string, now: number): StoredCounterView {
  const { duty, officerId } = dutyView(db, counterId);
  const newest = latestAt(db, counterId, LOOK_BACK, now);
  const current = newest[0] && newest[0].transaction.state !== 'closed' ? newest[0].transaction : null;
  const closed = newest.find(({ transaction }) => transaction.prompt?.closedAt != null)?.transaction;
  const due = newest.flatMap(({ until }) => (until !== null && until > now ? [until] : []));
  const refused = one<IntentRow>(
    db,
    `SELECT ${INTENT_COLUMNS} FROM intent
     WHERE counter_id = ? AND state <> 'pending' ORDER BY resolved_at DESC, seq DESC LIMIT 1`,
    counterId,
  );
  const dayFrom = Math.floor((now + VIETNAM_OFFSET_MS) / DAY_MS) * DAY_MS - VIETNAM_OFFSET_MS;
  const today = one<{ served: number; prompted: number }>(
    db,
    `SELECT count(*) AS served, count(CASE WHEN p.shown = 1 THEN p.opened_at END) AS prompted
     FROM service_transaction t LEFT JOIN rating_prompt p ON p.transaction_id = t.id
     WHERE t.month = ? AND t.counter_id = ? AND t.finished_at >= ? AND t.officer_id = ?`,
    ...[vietnamMonth(now), counterId, dayFrom, officerId],
  );
  const deviceId = deviceOfCounter(db, counterId);
  return {
    duty,
    officerId,
    transaction: current,
    pending: many<IntentRow>(
      db,
      `SELECT ${INTENT_COLUMNS} FROM intent WHERE counter_id = ? AND state = 'pending' ORDER BY seq LIMIT 50`,
      counterId,
    ).map((row) => ({
      intentId: row.intentId,
      kind: row.kind,
      transactionId: row.transactionId,
      since: row.createdAt,
    })) as StationAnswer['pending'],
    lastRefusal:
      refused && (refused.state === 'refused' || refused.state === 'expired')
        ? ({
            intentId: refused.intentId,
            problem: reasonOf(refused.code) ?? problem('request.conflict'),
            at: refused.resolvedAt ?? refused.createdAt,
          } as NonNullable<StationAnswer['lastRefusal']>)
        : null,
    lastClosed: closed?.prompt?.closedAt
      ? { transactionId: closed.transactionId, queueNumber: closed.queueNumber, at: closed.prompt.closedAt }
      : null,
    today: { served: today?.served ?? 0, prompted: today?.prompted ?? 0 },
    until: due.length === 0 ? null : Math.min(...due),
    device:
      deviceId === null
        ? null
        : (one<DeviceRow>(
            db,
            `SELECT id, counter_id AS counterId, enrolled_at AS enrolledAt, revoked_at AS revokedAt,
                    last_seen_at AS lastSeenAt, build, status, alarm,
                    written_off AS writtenOff FROM device WHERE id = ?`,
            deviceId,
          ) ?? null),
  };
}

export const viewsStore: Store<ViewsPort> = {
  transaction: read((db, { id, now }) => transactionView(db, id, now)),
  transactionsOfDossier: read((db, { code, now }) => dossierView(db, code, now)),
  transactionsOfQueue: read((db, input) => queueView(db, input)),
  dutyAt: read((db, input) => dutyLane(db, input)),
  ratings: read((db, id) => ratingsView(db, id)),
  counter: read((db, { counterId, now }) => counterView(db, counterId, now)),
  openDutiesOf: read((db, officerId) =>
    many<OpenDuty>(db, `${OPEN_DUTY} WHERE officer_id = ? AND ended_at IS NULL`, officerId),
  ),
  lanes: read((db, id) => lanesView(db, id)),
};
