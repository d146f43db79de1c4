/**
 * Holds of footage: an officer's request, what the hub places by itself, and what the recorder is told of both and of reports.
 * Refuses: what domain/footage/hold.ts refuses; a second request of an officer for the same turn adds nothing.
 * See hub-server/DESIGN.md, "Holds".
 */

import type { StationTurn } from '@hailong/shared/protocol/http.ts';
import { vietnamMonth } from '@hailong/shared/time.ts';
import type { HoldsPort, LivingHold } from '../../../../application/ports/holds.ts';
import { withPlaces } from '../../../../domain/footage/clock-step.ts';
import { atMost } from '../../../../domain/footage/held-intervals.ts';
import { many, read, run, type Store, write } from '../../op.ts';
import { clockSteps } from '../cameras/clock-step-rows.ts';
import { reportedCameras } from '../footage/reported-rows.ts';
import { appendAudit } from '../log/audit.ts';
import { holdMoved } from './hold-follow.ts';
import { reviveHolds } from './hold-revival.ts';
import { DAY_MS, holdCases, holdRatings, placeOfficers, ruleOf } from './hold-rows.ts';
import { listHolds } from './hold-views.ts';
import { holdWalkups } from './hold-walkups.ts';

/** What one day of a busy counter brings, and a look back. */
const TURNS_SHOWN = 100;
/** The most that one message to the recorder carries. */
const TOLD_MAX = 100_000;
/** Ratings held by one call: bounds the pause of a batch that comes meanwhile. */
const KEEP_SLICE = 200;

interface TurnRow extends Omit<StationTurn, 'dossierCodes'> {
  readonly dossierCodes: string;
}
interface OverRow {
  readonly request: string;
  readonly kind: string;
  readonly subject: string | null;
  readonly number: string | null;
  readonly until: number;
}

const objectOf = ({ kind, subject, number, request }: OverRow): string =>
  number !== null
    ? `case:${number}`
    : kind === 'manual'
      ? `hold:${request}`
      : // A walk-up's request names it.
        subject === null
        ? request
        : `transaction:${subject}`;

export const holdsStore: Store<HoldsPort> = {
  turns: read((db, { officerId, counterId, at }) => {
    const rule = ruleOf(db, 'officer');
    const from = at - rule.withinDays * DAY_MS;
    const months = [...new Set([vietnamMonth(from), vietnamMonth(at)])];
    const rows = many<TurnRow>(
      db,
      `SELECT id AS transactionId, queue_number AS queueNumber, dossier_codes AS dossierCodes,
         coalesce(opened_at, finished_at) AS openedAt, finished_at AS finishedAt
       FROM service_transaction WHERE month IN (?,?) AND counter_id = ? AND officer_id = ? AND finished_at >= ?
       ORDER BY finished_at DESC LIMIT ${TURNS_SHOWN}`,
      ...[months[0], months.at(-1), counterId, officerId, from],
    );
    const turns = rows.map((row) => ({ ...row, dossierCodes: JSON.parse(row.dossierCodes) as string[] }));
    return { ...rule, turns };
  }),
  request: write(placeOfficers),
  keep: write((db, { at, aged = at }) => {
    const times = { at, aged: Math.min(at, aged) };
    reviveHolds(db, at);
    if (holdRatings(db, times, KEEP_SLICE) === KEEP_SLICE) return true;
    if (holdWalkups(db, times, KEEP_SLICE) === KEEP_SLICE) return true;
    if (holdMoved(db, at, KEEP_SLICE) === KEEP_SLICE) return true;
    holdCases(db, at);
    return false;
  }),
  orders: read((db, { at }) => ({
    holds: atMost(
      withPlaces(
        many<LivingHold>(
          db,
          // Also past its date: nothing is let go before the log says that it lapsed.
          'SELECT camera_id AS camera, from_at AS "from", to_at AS "to" FROM footage_hold WHERE ended_at IS NULL',
        ),
        clockSteps(db),
      ),
      TOLD_MAX,
    ),
    cameras: reportedCameras(db, at),
  })),
  list: read(listHolds),
  // What an open case holds has no date to come; one that is left of when it was closed ends nothing.
  lapse: write((db, { at }) => {
    const over = many<OverRow>(
      db,
      `SELECT h.request, h.kind, h.subject, c.number, min(h.until) AS until FROM footage_hold h
         LEFT JOIN case_file c ON h.kind IN ('case', 'manual') AND c.id = h.subject
       WHERE h.ended_at IS NULL AND h.until <= ? AND NOT (h.kind = 'case' AND c.status IS 'open') GROUP BY h.request ORDER BY h.request`,
      at,
    );
    for (const each of over) {
      run(
        db,
        'UPDATE footage_hold SET ended_at = ? WHERE request = ? AND ended_at IS NULL AND until <= ?',
        ...[at, each.request, at],
      );
      appendAudit(db, {
        ...{ at, actor: 'hub', action: 'hold.lapsed', object: objectOf(each), reason: null },
        body: { hold: each.request, until: each.until },
      });
    }
    return over.length;
  }),
};
