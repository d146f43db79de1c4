/**
 * Purpose: what becomes of a kiosk's hello: who it is by its key, what the hub holds of its chains, what its checkpoint
 *   says of the log, and whether all that shows that this hub was set back.
 * Refuses: an unknown key without a certificate of this hub, a wrong signature (of the hello or of its box), a revoked device.
 * Document: hub-server/DESIGN.md, "Edge link" and "Recovering"; shared/PROTOCOL.md, "The line".
 */
import { signedBox, signedHello } from '@hailong/shared/edge/hello.ts';
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { Checkpoint } from '@hailong/shared/log/advance.ts';
import type { VerifySignature } from '@hailong/shared/log/checkpoint.ts';
import type { DeviceToHub, HubToDevice } from '@hailong/shared/protocol/edge.ts';
import type { Clock } from '@hailong/shared/time.ts';
import { lostOf } from '../inbox/list-gap.ts';
import type { BackupsPort } from '../ports/backups.ts';
import type { DevicesPort } from '../ports/devices.ts';
import type { HelloAnswer, InboxPort } from '../ports/inbox.ts';
import type { RecoveryNow, RecoveryPort } from '../ports/recovery.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { LogWelcome } from './hear-witness.ts';
import { enrolledLater, type ReadmitParts, readmitDevice } from './readmit-device.ts';

type Hello = Extract<DeviceToHub, { type: 'hello' }>;
type Welcome = Extract<HubToDevice, { type: 'welcome' }>;

export interface GreetParts extends ReadmitParts {
  readonly inbox: Pick<InboxPort, 'deviceKey' | 'hello'>;
  readonly recovery: Pick<RecoveryPort, 'hello'>;
  readonly backups: Pick<BackupsPort, 'safe'>;
  readonly devices: Pick<DevicesPort, 'readmit' | 'refused'>;
  readonly secrets: Pick<Secrets, 'id'>;
  readonly verify: VerifySignature;
  readonly clock: Pick<Clock, 'now'>;
  hearWitness(device: string, held: Checkpoint | null): Promise<LogWelcome>;
  /** The own chain was compared with a second medium at this start. */
  ownMirrored(): boolean;
  /** Whether heads are awaited: a hub that has everything asks storage only when a kiosk shows more. */
  recovering(): boolean;
  /** Signs the log as it stands; what fails is reported and delays nobody. */
  seal(): Promise<unknown>;
  /** The hub noticed that it was set back (`entered`, also once more meanwhile), awaits one more, or has everything again. */
  recoveryChanged(now: Pick<RecoveryNow, 'recovering' | 'entered'>): void;
}

export type Greeting =
  | { readonly ok: false; readonly code: ErrorCode }
  | {
      readonly ok: true;
      readonly live: HelloAnswer;
      /** Raw, base64url. */
      readonly publicKey: string;
      /** Raw X25519 key (base64url) to which PIN verifiers are sealed for it; null: it checks none. */
      readonly box: string | null;
      readonly told: LogWelcome['told'];
      readonly welcome: Omit<Welcome, 'type' | 'blobToken' | 'eventsMax' | 'bytesMax'>;
    };

const refused = (code: ErrorCode): Greeting => ({ ok: false, code });

export async function greetKiosk(parts: GreetParts, hello: Hello, nonce: string): Promise<Greeting> {
  const { device } = hello;
  const known = (await parts.inbox.deviceKey(device)) ?? (await readmitDevice(parts, hello, nonce));
  if (!known) return refused('device.unknown');
  const publicKey = rawText(known.publicKey);
  if (!parts.verify(publicKey, signedHello(device, nonce), hello.sig)) return refused('device.bad_signature');
  const box = hello.box?.key ?? null;
  if (hello.box && !parts.verify(publicKey, signedBox(device, hello.box.key), hello.box.sig))
    return refused('device.bad_signature');
  if (known.revoked) {
    // Two people write off what is really there, not what it said before it was revoked.
    await parts.devices.refused({
      ...{ device, epochs: hello.epochs, more: hello.more ?? false, at: parts.clock.now() },
    });
    return refused('device.revoked');
  }
  if (enrolledLater(hello, known.serial)) await readmitDevice(parts, hello, nonce);

  const at = parts.clock.now();
  const epochs = hello.epochs.map((each) => each.epoch);
  const checkpoint = hello.checkpoint ? JSON.stringify(hello.checkpoint) : null;
  const [answer, heard, safe] = await Promise.all([
    parts.inbox.hello({ device, epochs, lost: lostOf(hello.epochs), checkpoint, at }),
    parts.hearWitness(device, hello.checkpoint),
    parts.backups.safe({ device, epochs }),
  ]);
  if (!answer) return refused('device.revoked');
  const held = new Map(answer.have.map(({ epoch, seq }) => [epoch, seq]));
  const showsMore = hello.epochs.some((each) => each.acknowledged > (held.get(each.epoch) ?? 0));
  let [lineage, log] = [answer.lineage, heard];
  if (showsMore || heard.ahead || parts.recovering()) {
    const now = await parts.recovery.hello({
      ...{ device, counterId: answer.counterId, epochs: hello.epochs, witnessAhead: heard.ahead, at },
      ...{ lineage: hello.lineage ?? null, more: hello.more ?? false },
      ownMirrored: parts.ownMirrored(),
      freshLineage: `u-${parts.secrets.id()}`,
    });
    lineage = now.lineage;
    if (now.entered || now.left || now.recovering !== parts.recovering()) parts.recoveryChanged(now);
    // A new lineage is a new log: it is signed at once, so that this kiosk is shown it and can bear witness of it.
    if (now.entered) {
      await parts.seal();
      log = await parts.hearWitness(device, hello.checkpoint);
    }
  }
  return {
    ok: true,
    live: { ...answer, lineage },
    ...{ publicKey, box, told: log.told },
    welcome: {
      ...{ lineage, have: answer.have as Welcome['have'], ...log.said },
      ...{ standing: answer.standing, handover: answer.handover },
      safe: [...safe] as NonNullable<Welcome['safe']>,
    },
  };
}

const rawText = (publicKey: Uint8Array): string => Buffer.from(publicKey).toString('base64url');
