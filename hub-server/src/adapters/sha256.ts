/** One-shot SHA-256 over the parts: the hot path (createHash costs three times as much, concat half as much again). */
import { hash } from 'node:crypto';
import { EVENT_BYTES_MAX, type Sha256 } from '@hailong/shared/edge/event.ts';

/** What is hashed as one: prevHash and an event fit. */
const joined = Buffer.allocUnsafeSlow(EVENT_BYTES_MAX + 64);

export const sha256: Sha256 = (...parts) => {
  if (parts.length === 1) return hash('sha256', parts[0]!, 'buffer');
  let length = 0;
  for (const part of parts) {
    if (length + part.byteLength > joined.byteLength) return hash('sha256', Buffer.concat(parts), 'buffer');
    joined.set(part, length);
    length += part.byteLength;
  }
  return hash('sha256', joined.subarray(0, length), 'buffer');
};
