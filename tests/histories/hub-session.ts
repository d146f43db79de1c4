/*
 * Purpose: one kiosk's line at the hub, as adapters/ws/edge-session.ts keeps it: challenge, signed hello, welcome, batches,
 * verdicts, intents, anchors, checkpoints. Greeting is the product's own (greet-kiosk.ts).
 * Refuses: what is not signed, what comes before the hello, an older line than the newest hello, other devices' batches.
 */

import { standingOfDevice } from '../../hub-server/src/application/inbox/judge-standing.ts';
import type { recordBatch } from '../../hub-server/src/application/inbox/record-batch.ts';
import { resolveIntent } from '../../hub-server/src/application/inbox/resolve-intent.ts';
import { type Greeting, greetKiosk } from '../../hub-server/src/application/kiosks/greet-kiosk.ts';
import { hearWitness } from '../../hub-server/src/application/kiosks/hear-witness.ts';
import { readBatch, signedHead } from '../../shared/src/edge/batch.ts';
import { toHex } from '../../shared/src/edge/event.ts';
import type { IntentId } from '../../shared/src/ids.ts';
import type { Checkpoint } from '../../shared/src/log/advance.ts';
import type { LogHead } from '../../shared/src/log/checkpoint.ts';
import {
  BATCH_BYTES_MAX,
  BATCH_EVENTS_MAX,
  type DeviceToHub,
  EDGE_PROTOCOL,
  type HubToDevice,
} from '../../shared/src/protocol/edge.ts';
import { type HubProcess, NoRoom } from './hub.ts';
import { greetPorts } from './hub-disk.ts';
import { sha256 } from './keyring.ts';
import type { Frame, HubSide, Line } from './virtual-line.ts';

const utf8 = new TextEncoder();
const HELLO_MS = 10_000;
/** How often a batch waits for storage. */
const BUSY = 0.012;

interface Live {
  readonly device: string;
  readonly publicKey: string;
  readonly fence: number;
  readonly counterId: string;
}

export class Session implements HubSide {
  readonly #process: HubProcess;
  readonly #line: Line;
  readonly #nonce: string;
  readonly #sent = new Set<IntentId>();
  #live: Live | null = null;
  #greeting = false;
  /** JSON of what it was told last about its standing. */
  #standing = '';
  #later = false;
  #over = false;
  /** What further checkpoints on this line go on from. */
  #told: LogHead | null = null;

  constructor(process: HubProcess, line: Line) {
    this.#process = process;
    this.#line = line;
    this.#nonce = process.hub.parts.prng.hex(12);
    process.life.after(HELLO_MS, () => {
      if (!this.#live) this.terminate();
    });
    this.#say({
      ...{ type: 'challenge', nonce: this.#nonce },
      ...{ protocolMin: EDGE_PROTOCOL, protocolMax: EDGE_PROTOCOL },
    });
  }

  get counterId(): string | null {
    return this.#live?.counterId ?? null;
  }

  heard(frame: Frame): void {
    if (this.#over) return;
    if (typeof frame !== 'string') {
      // Storage may be busy: what it was handed is done, also when the line is over by then and a newer one is up.
      const { hub, life } = this.#process;
      const { prng } = hub.parts;
      if (prng.chance(BUSY)) life.after(prng.int(100, 8_000), () => this.#batch(frame));
      else this.#batch(frame);
      return;
    }
    const message = JSON.parse(frame) as DeviceToHub;
    if (message.type === 'hello') this.#hello(message);
    else if (this.#live) this.#said(this.#live, message);
  }

  ended(): void {
    this.#over = true;
    const { sessions } = this.#process;
    if (this.#live && sessions.get(this.#live.device) === this) sessions.delete(this.#live.device);
  }

  terminate(): void {
    this.#line.end('hub', 5);
  }

  /** The log grew. */
  tell(checkpoint: Checkpoint): void {
    const from = this.#told;
    if (!this.#live || !from || from.origin !== checkpoint.origin || from.size >= checkpoint.size) return;
    const { log } = this.#process.hub.disk;
    this.#told = checkpoint;
    const consistency = log.proof(from.size, checkpoint.size) as never;
    this.#say({ type: 'log.checkpoint', checkpoint, from: from.size, consistency });
  }

  /** What the hub lets this device do may be another by now. */
  tellStanding(): void {
    if (!this.#live) return;
    const { inbox } = this.#process.hub.disk;
    const { device, counterId } = this.#live;
    const now = { standing: standingOfDevice(inbox, device), handover: inbox.openHandover(counterId) };
    if (JSON.stringify(now) === this.#standing) return;
    this.#standing = JSON.stringify(now);
    this.#say({ type: 'standing', ...now });
  }

  /** Each intent goes once per connection, to the newest kiosk of its counter. */
  offer(): void {
    const live = this.#live;
    if (!live) return;
    const { disk } = this.#process.hub;
    if (disk.inbox.enrolment(live.device).superseded) return;
    const now = this.#process.now();
    for (const [id, { intent, expiresAt }] of disk.offers) {
      if (intent.counterId !== live.counterId || expiresAt <= now || this.#sent.has(id)) continue;
      if (disk.inbox.intent(id)?.state !== 'pending') continue;
      this.#sent.add(id);
      this.#say({ type: 'intent', intent, expiresInMs: expiresAt - now });
    }
  }

  #say(message: HubToDevice): void {
    this.#line.toKiosk(message);
  }

  refuse(code: string): void {
    this.#say({ type: 'error', code, detail: '' });
    this.#line.close();
  }

  #hello(hello: Extract<DeviceToHub, { type: 'hello' }>): void {
    const { hub, life } = this.#process;
    if (this.#live || this.#greeting) {
      this.refuse('request.invalid');
      return;
    }
    if (hub.full) {
      this.refuse('program.disk_full');
      return;
    }
    this.#greeting = true;
    hub.pending += 1;
    this.#greet(hello).then(
      (greeting) => {
        hub.pending -= 1;
        life.run(() => this.#greeted(hello.device, greeting));
      },
      (error: unknown) => {
        hub.pending -= 1;
        life.run(() => {
          throw error;
        });
      },
    );
  }

  #greet(hello: Extract<DeviceToHub, { type: 'hello' }>): Promise<Greeting> {
    const { hub, opened } = this.#process;
    const { keyring, seams, key, prng } = hub.parts;
    const commit: typeof hub.commit = (run) => hub.commit(run);
    const clock = { now: () => this.#process.now() as never };
    const common = { hubKey: key.publicKey, verify: keyring.verify, sha256, clock };
    return greetKiosk(
      {
        ...greetPorts(commit, () => hub.disk, hub.rules, seams),
        ...common,
        deviceIdOf: (raw) => toHex(sha256(raw)),
        secrets: { id: () => prng.uuid() },
        hearWitness: (device, held) => hearWitness({ ...common, opened, log: hub.disk.log }, device, held),
        seal: async () => hub.commit((disk) => disk.log.seal(disk.heads())),
        ownMirrored: () => hub.mirror !== null,
        recovering: () => hub.disk.recovery.mode === 'recovering',
        recoveryChanged: ({ entered }) => {
          hub.parts.trace.note('hub', `is ${hub.disk.recovery.mode}`);
          if (entered) for (const session of this.#process.sessions.values()) session.terminate();
        },
      },
      hello,
      this.#nonce,
    );
  }

  #greeted(device: string, greeting: Greeting): void {
    const { hub, sessions } = this.#process;
    if (this.#over) return;
    if (!greeting.ok) {
      this.refuse(greeting.code);
      return;
    }
    const { live, publicKey, told, welcome } = greeting;
    this.#live = { ...live, device, publicKey };
    this.#told = told;
    this.#standing = JSON.stringify({ standing: live.standing, handover: live.handover });
    sessions.get(device)?.refuse('device.line_taken');
    sessions.set(device, this);
    this.#say({
      ...{ type: 'welcome', ...welcome, blobToken: 'token' },
      ...{ eventsMax: BATCH_EVENTS_MAX, bytesMax: BATCH_BYTES_MAX },
    });
    this.#say(hub.parts.config(live.counterId));
    for (const other of sessions.values())
      if (other !== this && other.counterId === live.counterId) other.tellStanding();
    const codes = hub.parts.slipCodes(device);
    if (codes.length > 0) this.#say({ type: 'slip.codes', codes });
    this.offer();
  }

  #said(live: Live, message: Exclude<DeviceToHub, { type: 'hello' }>): void {
    const { hub } = this.#process;
    if (message.type === 'anchor.request') {
      const hubAt = this.#process.now();
      const sig = hub.parts.key.sign(
        utf8.encode(`hailong-anchor-v1\n${live.device}\n${message.nonce}\n${hubAt}`),
      );
      this.#say({ type: 'time.anchor', nonce: message.nonce, hubAt: hubAt as never, sig });
    } else if (message.type === 'intent.seen') {
      const { intentId, state, code } = message;
      if (hub.full) return;
      hub.commit((disk) => resolveIntent(disk.inbox, { intentId, state, code }, this.#process.now()));
    }
  }

  #batch(frame: Uint8Array): void {
    const live = this.#live;
    if (!live || this.#later) return;
    const { hub } = this.#process;
    const { keyring, seams, trace } = hub.parts;
    const batch = readBatch(frame);
    if (!batch.ok) {
      this.refuse('request.invalid');
      return;
    }
    const { sig, ...head } = batch.header;
    if (head.device !== live.device || !keyring.verify(live.publicKey, signedHead(head), sig)) {
      this.refuse('device.bad_signature');
      return;
    }
    const input = {
      ...{ device: live.device, fence: live.fence, receivedAt: this.#process.now() },
      ...{ header: batch.header, events: batch.events },
    };
    let outcome: ReturnType<typeof recordBatch>;
    try {
      outcome = hub.commit((disk) => seams.record(seams.inbox(disk.inbox), hub.rules, input));
    } catch (error) {
      if (!(error instanceof NoRoom)) throw error;
      this.#later = true;
      const held = hub.disk.inbox.epoch(live.device, head.epoch);
      if (!held) {
        this.refuse('program.disk_full');
        return;
      }
      this.#verdict(
        head.batch,
        { epoch: head.epoch, seq: held.headSeq, hash: toHex(held.headHash) },
        [],
        true,
      );
      return;
    }
    const newest = this.#process.sessions.get(live.device) ?? this;
    if (outcome.kind === 'recorded' && newest !== this) hub.parts.olderLine(live.device);
    trace.batch(this.#line.who, head.epoch, head.firstSeq, head.head.seq, outcome);
    if (outcome.kind === 'fenced' || outcome.kind === 'refused') {
      this.refuse(outcome.kind === 'fenced' ? 'device.line_taken' : outcome.code);
      return;
    }
    if (outcome.kind === 'damaged') {
      this.refuse('event.chain_broken');
      return;
    }
    this.#recovered(live, head.epoch, head.head.seq);
    this.#verdict(outcome.batch, outcome.head, outcome.exceptions, false);
    if (outcome.standing) this.tellStanding();
    if (!hub.full) this.#process.own.endTakenBack(live.counterId);
  }

  /** While recovering: the chain of this device reached `seq`. */
  #recovered({ device }: Live, epoch: string, seq: number): void {
    const { hub } = this.#process;
    if (hub.disk.recovery.mode === 'normal' || hub.full) return;
    const held = Math.min(seq, hub.disk.heldSeq(device, epoch));
    const now = hub.commit((disk) => disk.recover({ type: 'held', device, epoch, seq: held }, null));
    if (now.left) hub.parts.trace.note('hub', `is ${hub.disk.recovery.mode}`);
  }

  #verdict(
    batch: number,
    head: { readonly epoch: string; readonly seq: number; readonly hash: string },
    exceptions: readonly unknown[],
    later: boolean,
  ): void {
    this.#say({
      ...{ type: 'verdicts', batch, epoch: head.epoch, head, exceptions, later },
    } as Extract<HubToDevice, { type: 'verdicts' }>);
  }
}
