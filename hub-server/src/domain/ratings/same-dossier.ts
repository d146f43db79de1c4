/**
 * The same dossier opened twice at one counter with overlap: one citizen, so at most one rating counts. Pure and local:
 * a rating steps back when another rated one that overlaps it was opened earlier (or at once, with the smaller id).
 */
import { type FormOf, type Rated, ratedOf, type TransactionState } from './transaction-fold.ts';

/** Nobody is served longer; what lies further apart is not looked at. */
export const SERVED_WITHIN_MS = 24 * 3_600_000;

export function overlaps(a: TransactionState, b: TransactionState): boolean {
  if (a.id === b.id || !a.opened || !b.opened || !a.service || !b.service) return false;
  if (a.service.counterId !== b.service.counterId) return false;
  if (!a.service.dossierCodes.some((code) => b.service?.dossierCodes.includes(code))) return false;
  if (Math.abs(a.opened.at - b.opened.at) > SERVED_WITHIN_MS) return false;
  const [aEnd, bEnd] = [a.finished?.at ?? a.opened.at, b.finished?.at ?? b.opened.at];
  return a.opened.at <= bEnd && b.opened.at <= aEnd;
}

/** Whether the rating of `state` steps back before one of `others`. */
export function isTwin(
  state: TransactionState,
  others: readonly TransactionState[],
  formOf: FormOf,
): boolean {
  return others.some(
    (other) => overlaps(state, other) && first(other, state) && isRated(ratedOf(other, formOf)),
  );
}

function first(a: TransactionState, b: TransactionState): boolean {
  const [aAt, bAt] = [a.opened?.at ?? 0, b.opened?.at ?? 0];
  return aAt !== bAt ? aAt < bAt : a.id < b.id;
}

const isRated = ({ effective, form }: Rated): boolean => (effective ?? form) !== null;
