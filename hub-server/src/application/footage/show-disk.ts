/** What the administration is told of the disk of footage: files that will not go, and files that went though nobody let them. */
import type { FootageDisk } from '@hailong/shared/protocol/footage.ts';
import type { RecorderControl } from '../core-port.ts';
import type { WebParts } from '../web-parts.ts';

/** Long enough to be read by whoever was away; the rows of the log stay. */
const LOST_SHOWN_MS = 30 * 86_400_000;

export async function showDisk(
  { storage, clock }: Pick<WebParts, 'storage' | 'clock'>,
  recorder: Pick<RecorderControl, 'undeletable'>,
): Promise<FootageDisk> {
  const lost = await storage.segments.lostSince({ since: clock.now() - LOST_SHOWN_MS });
  return { undeletable: recorder.undeletable(), lost: [...lost] };
}
