/**
 * Holds of footage as rows, one a camera. An officer's request commits with its row of the log. Refuses: what
 * domain/footage/hold.ts refuses; a second request of an officer for the same turn adds nothing.
 * See hub-server/DESIGN.md, "Holds".
 */
import type { StationTurn } from '@hailong/shared/protocol/http.ts';
import { vietnamMonth } from '@hailong/shared/time.ts';
import type { HoldsPort, LivingHold } from '../../../application/ports/holds.ts';
import { askHold, type HeldTurn, type HoldRule } from '../../../domain/footage/hold.ts';
import { type Db, many, one, read, run, type Store, write } from '../op.ts';
import { appendAudit } from './audit.ts';
import { footageStore } from './footage-store.ts';
import { lanesView } from './transaction-views.ts';

const DAY_MS = 86_400_000;
/** What one day of a busy counter brings, and a look back. */
const TURNS_SHOWN = 100;
/** The most that one message to the recorder carries. */
const LIVING_MAX = 100_000;

function ruleOf(db: Db): HoldRule {
  return one<HoldRule>(
    db,
    "SELECT within_days AS withinDays, days FROM hold_rule WHERE kind = 'officer'",
  ) as HoldRule;
}

function turnOf(db: Db, id: string): (HeldTurn & { readonly counterId: string }) | null {
  const lanes = lanesView(db, id);
  if (!lanes) return null;
  const row = one<{ officerId: string; closeAfterMs: number | null }>(
    db,
    `SELECT t.officer_id AS officerId, p.close_after_ms AS closeAfterMs FROM service_transaction t
     LEFT JOIN rating_prompt p ON p.transaction_id = t.id WHERE t.id = ?`,
    id,
  );
  const { counterId, openedAt, finishedAt, boundMs, prompt } = lanes;
  const promptTo = prompt === null ? null : prompt.from + (row?.closeAfterMs ?? 0);
  return { counterId, officerId: row?.officerId ?? '', openedAt, finishedAt, boundMs, promptTo };
}

interface TurnRow extends Omit<StationTurn, 'dossierCodes'> {
  readonly dossierCodes: string;
}

export const holdsStore: Store<HoldsPort> = {
  turns: read((db, { officerId, counterId, at }) => {
    const rule = ruleOf(db);
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
  request: write((db, { id, transactionId, officerId, at }) => {
    const turn = turnOf(db, transactionId);
    const asked = askHold(turn, officerId, ruleOf(db), at);
    if (!asked.ok || turn === null) return asked.ok ? { ok: false, code: 'hold.not_finished' } : asked;
    const held = one<{ until: number }>(
      db,
      `SELECT until FROM footage_hold WHERE kind = 'officer' AND asked_by = ? AND subject = ? LIMIT 1`,
      ...[officerId, transactionId],
    );
    if (held) return { ok: true, until: held.until };
    const { window, until } = asked;
    const cameras = footageStore.camerasOf.run(db, { counterId: turn.counterId, ...window });
    if (cameras.length === 0) return { ok: false, code: 'hold.no_camera' };
    for (const camera of cameras)
      run(
        db,
        `INSERT INTO footage_hold (id, request, kind, subject, counter_id, camera_id, from_at, to_at, asked_by, asked_at, until)
         VALUES (?,?,'officer',?,?,?,?,?,?,?,?)`,
        ...[`${id}/${camera.id}`, id, transactionId, turn.counterId, camera.id, window.from, window.to],
        ...[officerId, at, until],
      );
    appendAudit(db, {
      ...{
        at,
        actor: `officer:${officerId}`,
        action: 'hold.requested',
        object: `transaction:${transactionId}`,
      },
      reason: null,
      body: { hold: id, cameras: cameras.map((camera) => camera.id), ...window, until },
    });
    return { ok: true, until };
  }),
  living: read((db, { at }) =>
    many<LivingHold>(
      db,
      `SELECT camera_id AS camera, from_at AS "from", to_at AS "to" FROM footage_hold
       WHERE ended_at IS NULL AND (until IS NULL OR until > ?) ORDER BY asked_at DESC LIMIT ${LIVING_MAX}`,
      at,
    ),
  ),
  lapse: write((db, { at }) => {
    const over = many<{ request: string; subject: string | null; until: number }>(
      db,
      `SELECT request, subject, min(until) AS until FROM footage_hold
       WHERE ended_at IS NULL AND until <= ? GROUP BY request ORDER BY request`,
      at,
    );
    for (const { request, subject, until } of over) {
      run(
        db,
        'UPDATE footage_hold SET ended_at = ? WHERE request = ? AND ended_at IS NULL AND until <= ?',
        ...[at, request, at],
      );
      appendAudit(db, {
        ...{ at, actor: 'hub', action: 'hold.lapsed', object: `transaction:${subject}`, reason: null },
        body: { hold: request, until },
      });
    }
    return over.length;
  }),
};
