/**
 * Purpose: what each act of two people is about and what approving it makes, inside the transaction that asks or approves.
 * Refuses: by throwing; then nothing is asked, or nothing is approved and it still waits. A new kind is a line of `ACT_WORK`.
 * Document: hub-server/DESIGN.md, "Acts of two people".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { ActKind } from '@hailong/shared/protocol/acts.ts';
import { judgeInterval, WIDER_MAX_MS } from '../../../domain/footage/interval-rule.ts';
import { one, run } from '../op.ts';
import type { ActWork } from './act-shape.ts';
import { counterReported, holdAdd, holdEnd } from './hold-acts.ts';

const widerInterval: ActWork<'wider-interval'> = {
  plan(db, { caseId, from, to }, { userId, at }) {
    const held = one<{ number: string; type: string; assignee: string; status: string }>(
      db,
      'SELECT number, type, assignee_id AS assignee, status FROM case_file WHERE id = ?',
      caseId,
    );
    if (!held) throw new CodedError('request.not_found');
    if (held.assignee !== userId) throw new CodedError('access.refused', 'not the assignee');
    if (held.status !== 'open') throw new CodedError('footage.case_required', 'the case is closed');
    const refused = judgeInterval({ from, to }, WIDER_MAX_MS, at);
    if (refused) throw new CodedError(refused);
    return { object: `case:${held.number}`, secret: held.type === 'denunciation' };
  },
  effect(db, { caseId, from, to }, { id, at }) {
    run(
      db,
      'INSERT INTO case_interval (id, case_id, from_at, to_at, granted_at) VALUES (?,?,?,?,?)',
      ...[id, caseId, from, to, at],
    );
    return { interval: id };
  },
};

const evidenceExport: ActWork<'evidence-export'> = {
  plan(db, { caseId, intervalId }, { userId }) {
    const held = one<{ number: string; type: string; assignee: string; status: string }>(
      db,
      'SELECT number, type, assignee_id AS assignee, status FROM case_file WHERE id = ?',
      caseId,
    );
    if (!held) throw new CodedError('request.not_found');
    if (held.assignee !== userId) throw new CodedError('access.refused', 'not the assignee');
    if (held.status !== 'open') throw new CodedError('footage.case_required', 'the case is closed');
    if (
      intervalId !== undefined &&
      !one(db, 'SELECT id FROM case_interval WHERE id = ? AND case_id = ?', ...[intervalId, caseId])
    )
      throw new CodedError('footage.case_required', 'no such interval of this case');
    return { object: `case:${held.number}`, secret: held.type === 'denunciation' };
  },
  effect(db, { caseId, legalBasis, intervalId }, { id }) {
    run(
      db,
      `INSERT INTO evidence_package (id, case_id, interval_id, legal_basis, state) VALUES (?,?,?,?,'waiting')`,
      ...[id, caseId, intervalId ?? null, legalBasis],
    );
    return { package: id };
  },
};

export const ACT_WORK: { readonly [K in ActKind]: ActWork<K> } = {
  'wider-interval': widerInterval,
  'evidence-export': evidenceExport,
  'hold-add': holdAdd,
  'hold-end': holdEnd,
  'counter-reported': counterReported,
};
