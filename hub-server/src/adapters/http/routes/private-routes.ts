/**
 * The private route's doors, for a citizen's phone without any login. POST only: a link that a scanner or a messenger
 * fetches by itself binds nothing. Refuses: guessing (throttled), a second phone.
 */
import {
  PRIVATE_OPEN_PATH,
  PRIVATE_RECEIPT_PATH,
  PRIVATE_VOTES_PATH,
  privateOpenAnswer,
  privateOpenRequest,
  privateReceiptAnswer,
  privateReceiptRequest,
  privateVoteAnswer,
  privateVoteRequest,
} from '@hailong/shared/protocol/private.ts';
import { openPrivateRoute } from '../../../application/private-route/open-private-route.ts';
import { recordPrivateVote } from '../../../application/private-route/record-private-vote.ts';
import { showPrivateReceipt } from '../../../application/private-route/show-private-receipt.ts';
import { type App, answers, type HttpContext } from '../context.ts';

export function privateRoutes(app: App, { parts }: HttpContext): void {
  app.post(
    PRIVATE_OPEN_PATH,
    { schema: { body: privateOpenRequest, response: answers(privateOpenAnswer) } },
    async (request) => openPrivateRoute(parts, { ...request.body, address: request.ip }),
  );
  app.post(
    PRIVATE_VOTES_PATH,
    { schema: { body: privateVoteRequest, response: answers(privateVoteAnswer) } },
    async (request) => recordPrivateVote(parts, { ...request.body, address: request.ip }),
  );
  app.post(
    PRIVATE_RECEIPT_PATH,
    { schema: { body: privateReceiptRequest, response: answers(privateReceiptAnswer) } },
    async (request) => showPrivateReceipt(parts, { ...request.body, address: request.ip }),
  );
}
