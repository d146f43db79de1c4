/** What the inbox needs from outside: hashing and reading (a simulator remembers bytes it has read). */
import { genesisHash, readEvent, type Sha256 } from '@hailong/shared/edge/event.ts';
import type { DeviceId, EpochId } from '@hailong/shared/ids.ts';

export interface InboxRules {
  readonly sha256: Sha256;
  readonly read: typeof readEvent;
}
export const inboxRules = (sha256: Sha256): InboxRules => ({ sha256, read: readEvent });

/** What the first event of that epoch follows. */
export const genesisOf = (rules: Pick<InboxRules, 'sha256'>, device: string, epoch: string): Uint8Array =>
  genesisHash(rules.sha256, device as DeviceId, epoch as EpochId);
