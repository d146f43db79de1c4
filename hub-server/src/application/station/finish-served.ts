/**
 * An ending at a station. Refuses: another counter's transaction, a colleague's, and one that nobody knows and that does not
 * wait at this very counter.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CounterId, TransactionId } from '@hailong/shared/ids.ts';
import type { Outcome, ReasonKey } from '@hailong/shared/model/transaction.ts';
import type { IntentReceipt } from '../core-port.ts';
import type { WebParts } from '../web-parts.ts';

export interface Ending {
  readonly transactionId: TransactionId;
  readonly outcome: Outcome;
  readonly reason?: ReasonKey | undefined;
}

export async function finishServed(
  { core }: WebParts,
  at: { readonly counterId: CounterId; readonly officerId: string },
  ending: Ending,
): Promise<IntentReceipt> {
  const { transactionId } = ending;
  const transaction = await core.transaction(transactionId);
  // Not yet told by the device: only what waits at this very counter may be finished ahead.
  const waits = async () =>
    (await core.counter(at.counterId)).pending.some((each) => each.transactionId === transactionId);
  if (transaction ? transaction.counter.id !== at.counterId : !(await waits()))
    throw new CodedError('intent.unknown_transaction');
  // A login left open elsewhere must not decide whether a colleague's citizen is asked.
  if (transaction && transaction.officer.id !== at.officerId)
    throw new CodedError('access.refused', 'other officer');
  const asked = await core.finishTransaction(ending);
  if (!asked.ok) throw new CodedError(asked.code);
  return asked.value;
}
