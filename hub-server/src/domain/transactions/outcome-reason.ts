/**
 * Whether a finish says why nobody is to be asked. Needed for each outcome for which the office's list names reasons, and
 * then one of them; beside any other outcome a reason says nothing. See hub-server/DESIGN.md, "Reasons".
 */
import type { OutcomeReason } from '@hailong/shared/model/counter-config.ts';
import { type Outcome, SILENT_OUTCOMES } from '@hailong/shared/model/transaction.ts';

export function isReasonGiven(
  finish: { readonly outcome: Outcome; readonly reason?: string | undefined },
  list: readonly OutcomeReason[],
): boolean {
  if (!SILENT_OUTCOMES.has(finish.outcome)) return true;
  const named = list.filter(({ outcome }) => outcome === finish.outcome);
  return named.length === 0 || named.some(({ key }) => key === finish.reason);
}
