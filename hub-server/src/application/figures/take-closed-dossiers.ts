/**
 * What the provincial system closed, by its API key or as a CSV. Refuses: counters the key was not issued for, or none named by
 * such a key; a time to come; in a file, everything while one row is wrong. See hub-server/DESIGN.md, "Reconciliation".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { ClosedDossier, ImportAnswer } from '@hailong/shared/protocol/http.ts';
import type { ImportRow } from '../../domain/directory/import-plan.ts';
import { readClosedRow } from '../../domain/reconcile/closed-import.ts';
import type { TakenClosed } from '../ports/reconcile.ts';
import type { AdminParts } from '../web-parts.ts';

/** Two systems' clocks differ. */
const AHEAD_MAX_MS = 3_600_000;

export async function takeClosedDossiers(
  { storage, clock }: AdminParts,
  dossiers: readonly ClosedDossier[],
  /** Null: every counter. */
  counterIds: readonly string[] | null,
): Promise<TakenClosed> {
  const known = new Set<string>((await storage.directory.counters()).map((each) => each.id));
  for (const { counterId, closedAt } of dossiers) {
    if (counterIds !== null && (counterId === undefined || !counterIds.includes(counterId)))
      throw new CodedError('access.refused', 'other counter');
    if (counterId !== undefined && !known.has(counterId))
      throw new CodedError('reference.unknown', 'counterId');
    if (closedAt > clock.now() + AHEAD_MAX_MS) throw new CodedError('request.invalid', 'closedAt');
  }
  return storage.reconcile.take({ dossiers, audit: null });
}

export async function importClosedDossiers(
  { storage, clock }: AdminParts,
  { rows, apply, actor }: { rows: readonly ImportRow[]; apply: boolean; actor: string },
): Promise<ImportAnswer> {
  const at = clock.now();
  const counters = await storage.directory.counters();
  const read = rows.map((row) => readClosedRow(row, counters, at));
  const errors = read.reduce((sum, each) => sum + each.errors.length, 0);
  const dossiers = read.flatMap(({ dossier }) => (dossier === null ? [] : [dossier]));
  const weighed = await storage.reconcile.weigh({ dossiers });
  let place = 0;
  const judged = read.map(({ line, cells, errors, dossier }) => ({
    ...{ line, cells: { ...cells }, errors: [...errors] },
    action: dossier === null ? ('error' as const) : (weighed[place++] ?? 'same'),
  }));
  const applied = apply && errors === 0;
  if (applied)
    await storage.reconcile.take({
      dossiers,
      audit: {
        at,
        actor,
        action: 'import.applied',
        object: 'list:closed',
        reason: null,
        body: { rows: rows.length },
      },
    });
  return { rows: judged, errors, applied };
}
