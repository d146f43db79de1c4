/*
 * Purpose: what the hub's disk holds, and the storage ports over it that a hello needs. A copy is a backup, putting one
 * back a restore. Refuses nothing; who commits is hub.ts.
 */

import type { InboxRules } from '../../hub-server/src/application/inbox/inbox-rules.ts';
import { greetDevice } from '../../hub-server/src/application/inbox/record-batch.ts';
import type { GreetParts } from '../../hub-server/src/application/kiosks/greet-kiosk.ts';
import type { RecoveryNow } from '../../hub-server/src/application/ports/recovery.ts';
import {
  NORMAL,
  type RecoveryInput,
  type RecoveryState,
  stepRecovery,
  type ToldBy,
} from '../../hub-server/src/domain/recovery/recovery-machine.ts';
import type { OwnCounter } from '../../hub-server/src/domain/transactions/own-counter.ts';
import type { IntentId } from '../../shared/src/ids.ts';
import type { Intent } from '../../shared/src/protocol/edge.ts';
import { MemoryInbox } from '../support/memory-inbox.ts';
import { HubLog } from './hub-log.ts';
import type { KeyPair } from './keyring.ts';
import type { Seams } from './seams.ts';

/** An intent that may still be offered. */
export interface Offer {
  readonly intent: Intent;
  readonly expiresAt: number;
}

export class HubDisk {
  readonly inbox: MemoryInbox;
  readonly log: HubLog;
  offers = new Map<IntentId, Offer>();
  /** Public key of each device it enrolled or admitted again. */
  keys = new Map<string, string>();
  readmitted = new Set<string>();
  /** What lies on two media, by `device epoch`. */
  safe = new Map<string, number>();
  recovery: RecoveryState = NORMAL;
  /** What the hub's own chain says of counters it keeps, and the phone each private route is bound to. */
  ownCounters = new Map<string, OwnCounter>();
  phones = new Map<string, string>();
  /** How often it noticed that it was set back, since it was put in place. */
  noticed = 0;
  /** Whether its log says that it was set back once: that stays when a later backup is put back. */
  wasSetBack = false;

  constructor(inbox: MemoryInbox, log: HubLog) {
    this.inbox = inbox;
    this.log = log;
  }

  static fresh(key: KeyPair): HubDisk {
    const inbox = new MemoryInbox();
    return new HubDisk(inbox, new HubLog(key, inbox.lineage()));
  }

  copy(): HubDisk {
    const copy = new HubDisk(this.inbox.copy(), this.log.copy());
    copy.offers = new Map(this.offers);
    copy.keys = new Map(this.keys);
    copy.readmitted = new Set(this.readmitted);
    copy.safe = new Map(this.safe);
    copy.ownCounters = new Map(this.ownCounters);
    copy.phones = new Map(this.phones);
    copy.recovery = this.recovery;
    copy.noticed = this.noticed;
    copy.wasSetBack = this.wasSetBack;
    return copy;
  }

  recover(input: RecoveryInput, freshLineage: string | null): RecoveryNow {
    const { state, effects } = stepRecovery(this.recovery, input);
    this.recovery = state;
    const did = (kind: 'entered' | 'left') => effects.some((each) => each.kind === kind);
    for (const { kind } of effects) {
      if (kind === 'entered') {
        this.noticed += 1;
        this.wasSetBack = true;
      }
      if (kind === 'entered' && freshLineage !== null) {
        this.inbox.label = freshLineage;
        this.log.startOrigin(freshLineage);
      }
      this.log.act(`hub.${kind}`);
    }
    return {
      ...{ lineage: this.inbox.lineage(), recovering: state.mode === 'recovering' },
      ...{ entered: did('entered'), left: did('left') },
    };
  }

  toldBy(lineage: unknown): ToldBy {
    if (lineage === this.inbox.lineage()) return 'this';
    return this.log.hasBeen(lineage) ? 'earlier' : 'unknown';
  }

  active(): { device: string; counterId: string }[] {
    return [...this.inbox.devices]
      .filter(([, { revoked }]) => !revoked)
      .map(([device, { counterId }]) => ({ device, counterId }));
  }

  /** The highest number it holds of that chain, also beside it. */
  heldSeq(device: string, epoch: string): number {
    const row = this.inbox.epoch(device, epoch);
    if (!row) return 0;
    let seq = row.headSeq;
    while (this.inbox.branchesAt(row.id, seq + 1).length > 0) seq += 1;
    return seq;
  }

  /** One leaf for every chain that grew. */
  *heads(): Iterable<{ name: string; seq: number; hash: Uint8Array }> {
    for (const { device, epoch, headSeq, headHash } of this.inbox.chains)
      yield { name: `${device} ${epoch}`, seq: headSeq, hash: headHash };
  }
}

/** The ports of greet-kiosk.ts; `commit` makes each call one transaction. */
export function greetPorts(
  commit: <T>(run: (disk: HubDisk) => T) => T,
  disk: () => HubDisk,
  rules: InboxRules,
  seams: Seams,
): Pick<GreetParts, 'inbox' | 'recovery' | 'backups' | 'devices'> {
  return {
    inbox: {
      deviceKey: async (device) => {
        const held = disk();
        const [row, key] = [held.inbox.devices.get(device), held.keys.get(device)];
        if (!row || !key) return null;
        const publicKey = Buffer.from(key, 'base64url');
        return { counterId: row.counterId, publicKey, revoked: row.revoked, serial: row.serial };
      },
      hello: async (input) => commit(({ inbox }) => greetDevice(seams.inbox(inbox), rules, input)),
    },
    recovery: {
      hello: async ({ device, counterId, epochs, more, witnessAhead, lineage, freshLineage, at }) =>
        commit((held) =>
          held.recover(
            {
              ...{ type: 'hello', device, counterId, more, at, active: held.active() },
              witnessAhead: witnessAhead && seams.noticesSetBack,
              toldBy: held.toldBy(lineage),
              epochs: (seams.noticesSetBack ? epochs : []).map((one) => ({
                ...one,
                held: held.heldSeq(device, one.epoch),
              })),
            },
            freshLineage,
          ),
        ),
    },
    backups: {
      safe: async ({ device, epochs }) =>
        epochs.flatMap((epoch) => {
          const seq = disk().safe.get(`${device} ${epoch}`);
          return seq === undefined ? [] : [{ epoch, seq }];
        }),
    },
    devices: {
      // What it still holds is for people; nothing of the promise hangs on it.
      refused: async () => null,
      readmit: async ({ device, publicKey, counterId }) =>
        commit((held) => {
          if (!seams.readmits) return null;
          held.inbox.enrol(device, counterId);
          held.keys.set(device, Buffer.from(publicKey).toString('base64url'));
          held.readmitted.add(device);
          held.log.act(`device.readmitted ${device}`);
          return null;
        }),
    },
  };
}
