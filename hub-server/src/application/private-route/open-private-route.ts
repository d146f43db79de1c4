/** A citizen's phone opens its slip: the first one that does is the one that may vote. Records no vote. */
import { CodedError } from '@hailong/shared/errors.ts';
import { instrument } from '@hailong/shared/model/instrument.ts';
import type { PrivateOpenAnswer } from '@hailong/shared/protocol/private.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { WebParts } from '../web-parts.ts';
import { type PrivateInput, withPrivateRoute } from './read-private-route.ts';

export async function openPrivateRoute(parts: WebParts, input: PrivateInput): Promise<PrivateOpenAnswer> {
  const opened = await withPrivateRoute(parts, input, (ask) => parts.storage.ownChain.openPrivate(ask));
  if (!opened.ok) throw new CodedError(opened.code);
  const { inTime, voted, stage, counter, openedAt } = opened;
  const form = opened.instrument === null ? null : instrument.parse(JSON.parse(opened.instrument));
  const office = (await parts.storage.directory.office())?.name ?? '';
  return {
    ...{ inTime, instrument: form, stage, voted, office },
    counter: counter && { number: counter.number, name: counter.name },
    openedAt: openedAt as UtcMs | null,
  };
}
