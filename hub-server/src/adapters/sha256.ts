/** One-shot SHA-256 over the parts: the hot path (createHash costs three times as much). */
import { hash } from 'node:crypto';
import type { Sha256 } from '@hailong/shared/edge/event.ts';

export const sha256: Sha256 = (...parts) =>
  hash('sha256', parts.length === 1 ? parts[0]! : Buffer.concat(parts), 'buffer');
