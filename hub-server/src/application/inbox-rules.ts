/** What the inbox needs from outside: hashing and reading (a simulator remembers bytes it has read). */
import { readEvent, type Sha256 } from '@hailong/shared/edge/event.ts';

export interface InboxRules {
  readonly sha256: Sha256;
  readonly read: typeof readEvent;
}
export const inboxRules = (sha256: Sha256): InboxRules => ({ sha256, read: readEvent });
