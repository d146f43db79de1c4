/** Whom nobody asked, of what the provincial system closed in a month: for the head. See hub-server/DESIGN.md, "Reconciliation". */
import type { NeverAskedAnswer } from '@hailong/shared/protocol/http.ts';
import { VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';
import type { WebParts } from '../web-parts.ts';
import { labelsOf } from './show-dashboard.ts';

function boundsOf(month: string): { from: number; to: number } {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const from = Date.UTC(year, number - 1, 1) - VIETNAM_OFFSET_MS;
  return { from, to: Date.UTC(year, number, 1) - VIETNAM_OFFSET_MS };
}

export async function showNeverAsked(
  parts: WebParts,
  { month, limit }: { month: string; limit: number },
): Promise<NeverAskedAnswer> {
  const { reconcile, directory } = parts.storage;
  const [held, labelOf, officers] = await Promise.all([
    reconcile.month({ ...boundsOf(month), limit: limit + 1 }),
    labelsOf(parts, 'counter'),
    directory.officers(),
  ]);
  const names = new Map<string, string>(officers.map((each) => [each.code, each.name]));
  const label = (counterId: string | null): string | null => (counterId === null ? null : labelOf(counterId));
  return {
    month,
    judgedFor: held.judgedFor,
    counters: held.counters.map(({ counterId, ...counts }) => ({ label: label(counterId), ...counts })),
    officers: held.officers.map(({ officerCode, ...counts }) => ({
      label: names.has(officerCode) ? `${names.get(officerCode)} (${officerCode})` : officerCode,
      ...counts,
    })),
    dossiers: held.dossiers
      .slice(0, limit)
      .map(({ counterId, ...row }) => ({ ...row, label: label(counterId) })),
    truncated: held.dossiers.length > limit,
  } as NeverAskedAnswer;
}
