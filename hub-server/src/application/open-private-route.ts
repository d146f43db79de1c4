/** A citizen's phone opens its slip: the first one that does is the one that may vote. Records no vote. */
import { CodedError } from '@hailong/shared/errors.ts';
import { instrument } from '@hailong/shared/model/instrument.ts';
import type { privateOpenAnswer } from '@hailong/shared/protocol/private.ts';
import type { z } from 'zod';
import { type PrivateInput, withPrivateRoute } from './read-private-route.ts';
import type { WebParts } from './web-parts.ts';

export async function openPrivateRoute(
  parts: WebParts,
  input: PrivateInput,
): Promise<z.infer<typeof privateOpenAnswer>> {
  const opened = await withPrivateRoute(parts, input, (ask) => parts.storage.ownChain.openPrivate(ask));
  if (!opened.ok) throw new CodedError(opened.code);
  const form = opened.instrument === null ? null : instrument.parse(JSON.parse(opened.instrument));
  return { inTime: opened.inTime, instrument: form };
}
