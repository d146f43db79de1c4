/**
 * Purpose: what each act of two people is about and what approving it makes, inside the transaction that asks or approves.
 * Refuses: by throwing; then nothing is asked, or nothing is approved and it still waits. A new kind is a line of `ACT_WORK`.
 * Document: hub-server/DESIGN.md, "Acts of two people".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { ActKind } from '@hailong/shared/protocol/acts.ts';
import { judgeInterval, WIDER_MAX_MS } from '../../../../domain/footage/interval-rule.ts';
import { goesOnUntil, servedSpan } from '../../../../domain/footage/served-span.ts';
import type { Interval } from '../../../../domain/footage/window.ts';
import { type Db, one, run } from '../../op.ts';
import { counterReported, holdAdd, holdEnd } from '../holds/hold-acts.ts';
import { lanesView } from '../inbox/transaction-views.ts';
import type { ActPlan, ActWork, AskedAct } from './act-shape.ts';

/** The asker's own open case. */
function openCase(db: Db, caseId: string, userId: string): ActPlan {
  const held = one<{ number: string; type: string; assignee: string; status: string }>(
    db,
    'SELECT number, type, assignee_id AS assignee, status FROM case_file WHERE id = ?',
    caseId,
  );
  if (!held) throw new CodedError('request.not_found');
  if (held.assignee !== userId) throw new CodedError('access.refused', 'not the assignee');
  if (held.status !== 'open') throw new CodedError('footage.case_required', 'the case is closed');
  return { object: `case:${held.number}`, secret: held.type === 'denunciation' };
}

function mustBeBounded(interval: Interval, at: number): void {
  const refused = judgeInterval(interval, WIDER_MAX_MS, at);
  if (refused) throw new CodedError(refused);
}

/** What the case may see from now on; the same again is the same row, unless two people ended what it held. */
function grantInterval(db: Db, caseId: string, { from, to }: Interval, { id, at }: AskedAct): string {
  const held = one<{ id: string }>(
    db,
    `SELECT id FROM case_interval i WHERE case_id = ? AND from_at = ? AND to_at = ? AND NOT EXISTS
       (SELECT 1 FROM footage_hold WHERE request = 'case:' || i.case_id || '/' || i.id AND ended_by IS NOT NULL)`,
    ...[caseId, from, to],
  );
  if (held) return held.id;
  run(
    db,
    'INSERT INTO case_interval (id, case_id, from_at, to_at, granted_at) VALUES (?,?,?,?,?)',
    ...[id, caseId, from, to, at],
  );
  return id;
}

const widerInterval: ActWork<'wider-interval'> = {
  plan(db, { caseId, from, to }, { userId, at }) {
    const plan = openCase(db, caseId, userId);
    mustBeBounded({ from, to }, at);
    return plan;
  },
  effect: (db, { caseId, from, to }, act) => ({ interval: grantInterval(db, caseId, { from, to }, act) }),
};

/** A case of a transaction that is still served, as far as the hub knows, cannot be handed over yet; of one that nobody can place an interval can. */
function mustBeOver(db: Db, caseId: string, at: number): void {
  const held = one<{ id: string }>(db, 'SELECT transaction_id AS id FROM case_file WHERE id = ?', caseId);
  const lanes = held && lanesView(db, held.id);
  if (!lanes) return;
  if (lanes.boundMs === null) throw new CodedError('evidence.unplaced');
  if (goesOnUntil(servedSpan(lanes.facts), lanes.boundMs, at) !== null)
    throw new CodedError('evidence.not_settled', 'still served');
}

const evidenceExport: ActWork<'evidence-export'> = {
  plan(db, { caseId, interval }, { userId, at }) {
    const plan = openCase(db, caseId, userId);
    if (interval) mustBeBounded(interval, at);
    else mustBeOver(db, caseId, at);
    return plan;
  },
  effect(db, { caseId, legalBasis, interval }, act) {
    const intervalId = interval ? grantInterval(db, caseId, interval, act) : null;
    run(
      db,
      `INSERT INTO evidence_package (id, case_id, interval_id, legal_basis, state) VALUES (?,?,?,?,'waiting')`,
      ...[act.id, caseId, intervalId, legalBasis],
    );
    return { package: act.id, interval: intervalId };
  },
};

export const ACT_WORK: { readonly [K in ActKind]: ActWork<K> } = {
  'wider-interval': widerInterval,
  'evidence-export': evidenceExport,
  'hold-add': holdAdd,
  'hold-end': holdEnd,
  'counter-reported': counterReported,
};
