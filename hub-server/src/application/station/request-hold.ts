/**
 * The officer's own key: the footage of a turn is kept for a while, whoever may ask for it later. The recorder hears of it
 * before the officer does. See hub-server/DESIGN.md, "Holds". Refuses: what `askHold` refuses, a counter no camera sees.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { WebParts } from '../web-parts.ts';

export async function requestHold(
  { storage, secrets, clock, told }: WebParts,
  { officerId, transactionId }: { officerId: string; transactionId: string },
): Promise<{ until: UtcMs }> {
  const asked = await storage.holds.request({
    ...{ id: secrets.id(), transactionId, officerId, at: clock.now() },
  });
  if (!asked.ok) throw new CodedError(asked.code);
  await told.recorder.holdsChanged();
  return { until: asked.until as UtcMs };
}
