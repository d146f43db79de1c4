/** What was answered in a month, by form, for head and administrator; walk-ups as a class of their own. */
import type { CounterId } from '@hailong/shared/ids.ts';
import type { DashboardAnswers } from '@hailong/shared/protocol/answers.ts';
import { answersByForm, walkupsByCounter } from '../../domain/figures/answer-figures.ts';
import type { WebParts } from '../web-parts.ts';
import { labelsOf } from './show-dashboard.ts';

export async function showAnswers(parts: WebParts, month: string): Promise<DashboardAnswers> {
  const { figures, instruments } = parts.storage;
  const [cells, label] = await Promise.all([figures.answers({ month }), labelsOf(parts, 'counter')]);
  const refs = new Map(
    cells.map(({ instrumentId: id, instrumentVersion: version }) => [`${id} ${version}`, { id, version }]),
  );
  const held = await Promise.all(
    [...refs.values()].sort((a, b) => a.version - b.version).map((ref) => instruments.version(ref)),
  );
  const walkups = walkupsByCounter(cells).map(({ counterId, levels }) => ({
    ...{ counterId: counterId as CounterId, label: label(counterId), levels },
  }));
  return {
    month,
    ...answersByForm(
      cells,
      held.filter((form) => form !== null),
    ),
    walkups,
  };
}
