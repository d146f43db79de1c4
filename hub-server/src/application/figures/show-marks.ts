/** Who was not asked and why, by officer, for the head: a mark is void when somebody voted, and stays in "served". */
import type { DashboardMarks } from '@hailong/shared/protocol/http.ts';
import type { WebParts } from '../web-parts.ts';
import { labelsOf } from './show-dashboard.ts';

export async function showMarks(parts: WebParts, month: string): Promise<DashboardMarks> {
  const { figures, directory } = parts.storage;
  const [cells, reasons, label] = await Promise.all([
    figures.marks({ month }),
    directory.allReasons(),
    labelsOf(parts, 'officer'),
  ]);
  const rows = cells.map(({ officer, outcome, reason, n }) => ({
    ...{ officerId: officer, label: label(officer), outcome, reason, n },
  }));
  return { month, reasons: reasons.map(({ active: _, ...reason }) => reason), rows };
}
