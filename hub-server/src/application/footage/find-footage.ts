/**
 * Purpose: from what a person holds in the hand (dossier code, queue number, a case's number) to the transactions and the own cases.
 * Refuses: to guess: what has the form of two of these is looked up as both.
 */
import { dossierCode, queueNumber } from '@hailong/shared/model/transaction.ts';
import type { FindAnswer } from '@hailong/shared/protocol/cases.ts';
import { VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';
import { isCaseNumber } from '../../domain/cases/case-number.ts';
import type { WebParts } from '../web-parts.ts';
import type { User } from './open-case.ts';

const DAY_MS = 86_400_000;
/** Without a day a queue number is looked for this far back: footage is not kept longer by default. */
const LOOK_BACK_DAYS = 30;

export async function findFootage(
  parts: WebParts,
  user: User,
  asked: { readonly q: string; readonly day?: string | undefined },
): Promise<FindAnswer> {
  const q = asked.q.trim().toUpperCase();
  const number = isCaseNumber(q) ? q : null;
  const [dossier, queue] = [dossierCode.safeParse(q), queueNumber.safeParse(q)];
  const now = parts.clock.now();
  const dayFrom = asked.day === undefined ? null : Date.parse(`${asked.day}T00:00:00Z`) - VIETNAM_OFFSET_MS;
  const span =
    dayFrom === null || Number.isNaN(dayFrom)
      ? { from: now - LOOK_BACK_DAYS * DAY_MS, to: now + DAY_MS }
      : { from: dayFrom, to: dayFrom + DAY_MS - 1 };
  const [byDossier, byQueue] =
    number !== null
      ? [[], []]
      : await Promise.all([
          dossier.success ? parts.core.transactionsOfDossier(dossier.data) : [],
          queue.success ? parts.core.transactionsOfQueue({ queueNumber: queue.data, ...span }) : [],
        ]);
  const transactions = [
    ...new Map([...byDossier, ...byQueue].map((each) => [each.transactionId, each])).values(),
  ];
  const cases = await parts.storage.cases.casesNamed({
    ...{ assigneeId: user.userId, number, transactions: transactions.map((each) => each.transactionId) },
  });
  return { transactions, cases: [...cases] };
}
