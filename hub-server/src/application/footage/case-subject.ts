/** What of the footage a case may see: its own transaction or interval, or one that two people allowed beside it. */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CaseAnswer } from '@hailong/shared/protocol/http.ts';
import type { FootageSubject } from '../core-port.ts';

export interface Asked {
  readonly from: number;
  readonly to: number;
}

/** The smallest interval beside its own that two people let the case see and that holds all of this. */
export function grantedOver(held: Pick<CaseAnswer, 'wider'>, { from, to }: Asked): string | null {
  const all = held.wider.filter((each) => each.from <= from && each.to >= to);
  const [least] = [...all].sort((one, other) => one.to - one.from - (other.to - other.from));
  return least?.id ?? null;
}

/** `intervalId`: of the case's `wider`; null: its own. Refuses what nobody allowed this case. */
export function subjectOf(held: CaseAnswer, intervalId: string | null): FootageSubject {
  const wider = intervalId === null ? null : held.wider.find(({ id }) => id === intervalId);
  if (wider === undefined) throw new CodedError('footage.case_required', 'no such interval of this case');
  const { transactionId, interval } = held;
  if (transactionId !== null) return { transactionId, interval: wider };
  if (interval === null) throw new CodedError('internal.unexpected', 'a case of nothing');
  return { transactionId: null, counterId: interval.counterId, interval: wider ?? interval };
}
