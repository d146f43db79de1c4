/**
 * A vote by the private route becomes a fact of the hub's own chain. The first of its rating counts; a later one is a fact
 * too and is answered the same. Thanked in full only when the fact lies on a second medium.
 * Refuses: what `withPrivateRoute` refuses, a second phone. A medium that fails refuses nothing.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { ChipKey } from '@hailong/shared/model/instrument.ts';
import type { PrivateAnswers, privateVoteAnswer } from '@hailong/shared/protocol/private.ts';
import type { z } from 'zod';
import type { WebParts } from '../web-parts.ts';
import { type PrivateInput, withPrivateRoute } from './read-private-route.ts';

export async function recordPrivateVote(
  parts: WebParts,
  input: PrivateInput & {
    readonly vote: string;
    readonly answers: PrivateAnswers;
    readonly chips?: readonly ChipKey[] | undefined;
  },
): Promise<z.infer<typeof privateVoteAnswer>> {
  const { vote, answers, chips } = input;
  const { own, storage } = parts;
  const recorded = await withPrivateRoute(parts, input, (ask) =>
    storage.ownChain.votePrivate({ ...ask, writer: own.writer(), vote, answers, chips: chips ?? null }),
  );
  if (!recorded.ok) throw new CodedError(recorded.code);
  return { thanked: (await own.secured(recorded.place)) ? 'full' : 'received' };
}
