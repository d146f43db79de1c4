/**
 * A row of the camera map while it is typed: minutes of Vietnam, as a browser's field gives them. Times that were not touched
 * keep their seconds, so that nothing moves by itself. Refuses what the hub refuses, before it is sent.
 */
import type { ChangeMap, MapRow } from '@hailong/shared/protocol/camera-map.ts';
import { asUtc, localMinute } from '../../common/local-minute.ts';

export interface MapDraft {
  readonly counterId: string;
  /** The row that is set right; null: a further one. */
  readonly row: MapRow | null;
  readonly from: string;
  /** Empty: still. */
  readonly to: string;
}
export type MapFault = 'order' | 'future' | 'overlap';

export const draftOf = (row: MapRow): MapDraft => ({
  ...{ counterId: row.counterId, row, from: localMinute(row.from) },
  to: row.to === null ? '' : localMinute(row.to),
});

export function changeOf({ counterId, row, from, to }: MapDraft): ChangeMap {
  const kept = (held: number | null | undefined, typed: string): number =>
    typeof held === 'number' && localMinute(held) === typed ? held : asUtc(typed);
  return {
    counterId: counterId as ChangeMap['counterId'],
    was: row?.from ?? null,
    from: kept(row?.from, from) as ChangeMap['from'],
    to: (to === '' ? null : kept(row?.to, to)) as ChangeMap['to'],
  };
}

/** Why the hub would refuse it; null: it would not. Of a draft whose beginning is typed. */
export function faultOf(draft: MapDraft, rows: readonly MapRow[], now: number): MapFault | null {
  const { counterId, was, from, to } = changeOf(draft);
  if (from > now || (to !== null && to > now)) return 'future';
  if (to !== null && to <= from) return 'order';
  const end = (at: number | null): number => at ?? Number.POSITIVE_INFINITY;
  const others = rows.filter((row) => row.counterId === counterId && row.from !== was);
  return others.some((row) => row.from < end(to) && end(row.to) > from) ? 'overlap' : null;
}
