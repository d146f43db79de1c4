/** SHA-256 for the event chain. One part at a time would cost a copy; the parts are hashed as they come. */
import { createHash } from 'node:crypto';
import type { Sha256 } from '@hailong/shared/edge/event.ts';

export const sha256: Sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
