/**
 * A broken kiosk: from this act on the hub's chain states its counter's facts. The kiosk, when it returns, is told with the
 * welcome (at once when it is connected) and must accept before it opens anything.
 * Refuses: an unknown counter, one that the hub holds already.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CounterId } from '@hailong/shared/ids.ts';
import type { AdminParts } from '../web-parts.ts';

export async function handOverCounter(
  parts: AdminParts,
  input: { readonly counterId: CounterId; readonly reason: string; readonly by: string },
): Promise<{ readonly handover: string; readonly device: string | null }> {
  const { storage, own } = parts;
  if (!(await storage.directory.counter({ id: input.counterId })))
    throw new CodedError('reference.unknown', 'counter');
  const done = await storage.ownChain.handOver({ fresh: own.fresh(), ...input });
  if (!done) throw new CodedError('request.conflict', 'handed over already');
  own.stated();
  await parts.told?.core.counterTaken(input.counterId);
  return done;
}
