/*
 * Purpose: the hub of a history: its process over the disk of hub-disk.ts, running the product's inbox, projections, intents'
 * rules, recovery and own chain (hub-server/src/application). A crash falls before a commit or between the commit and its
 * answer; a full disk decides and throws away. Lines are in hub-session.ts.
 * Refuses: to run while it is down; a second process on its disk.
 */

import type { InboxRules } from '../../hub-server/src/application/inbox/inbox-rules.ts';
import { projectEvents } from '../../hub-server/src/application/inbox/project-events.ts';
import { resolveIntent } from '../../hub-server/src/application/inbox/resolve-intent.ts';
import type { OwnFacts } from '../../hub-server/src/application/own-chain/append-own.ts';
import { sameBytes } from '../../hub-server/src/domain/transactions/chain-judge.ts';
import { INTENT_GRACE_MS } from '../../hub-server/src/domain/transactions/intent-resolution.ts';
import { type Event, readEvent, toHex } from '../../shared/src/edge/event.ts';
import type { EpochId } from '../../shared/src/ids.ts';
import type { LogHead } from '../../shared/src/log/checkpoint.ts';
import type { EventBody } from '../../shared/src/model/event.ts';
import type { HubToDevice, Intent } from '../../shared/src/protocol/edge.ts';
import { HubDisk } from './hub-disk.ts';
import { HubOwn, type Mirror, type OwnSlip } from './hub-own.ts';
import { Session } from './hub-session.ts';
import { type KeyPair, type Keyring, sha256 } from './keyring.ts';
import { Crashed } from './kiosk-disk.ts';
import type { Prng } from './prng.ts';
import type { Seams } from './seams.ts';
import type { Trace } from './trace.ts';
import type { Network } from './virtual-line.ts';
import { Life, type VirtualTime } from './virtual-time.ts';

export interface HubParts {
  readonly time: VirtualTime;
  readonly prng: Prng;
  readonly net: Network;
  readonly keyring: Keyring;
  readonly key: KeyPair;
  readonly seams: Seams;
  readonly trace: Trace;
  /** See Rules. */
  readonly learns: boolean;
  /** Codes of its pool for that kiosk. */
  readonly slipCodes: (device: string) => string[];
  readonly died: () => void;
  /** A batch was taken on a line that is not the newest of its device. */
  readonly olderLine: (device: string) => void;
  /** What a counter's screen is told. */
  readonly config: (counter: string) => Extract<HubToDevice, { type: 'counter.config' }>;
}

/**
 * How the hub reads events. Reading is what costs, so bytes read once are not read again by projections, by the control hub
 * or after a resend; in most histories `learn` is told what a kiosk wrote, and only the others read everything.
 */
export interface Rules extends InboxRules {
  learn(hash: Uint8Array, event: Event): void;
}

interface Seen {
  readonly prev: Uint8Array;
  readonly hash: Uint8Array;
  read: ReturnType<typeof readEvent> | undefined;
}

export function rememberingRules(learns: boolean): Rules {
  /** By the hash that the event has in its chain. */
  const known = new Map<string, ReturnType<typeof readEvent>>();
  const seen = new Map<Uint8Array, Seen>();
  const nameOf = (hash: Uint8Array) => (hash as Buffer).toString('latin1');
  return {
    sha256(...parts) {
      const [prev, bytes, more] = parts;
      if (!prev || !bytes || more) return sha256(...parts);
      const held = seen.get(bytes);
      if (held && sameBytes(held.prev, prev)) return held.hash;
      const hash = sha256(prev, bytes);
      seen.set(bytes, { prev, hash, read: held?.read ?? known.get(nameOf(hash)) });
      return hash;
    },
    read(bytes) {
      const held = seen.get(bytes);
      if (held?.read) return held.read;
      const read = readEvent(bytes);
      if (held) {
        held.read = read;
        known.set(nameOf(held.hash), read);
      }
      return read;
    },
    learn(hash, event) {
      if (learns) known.set(nameOf(hash), { ok: true, event });
    },
  };
}

export class Hub {
  readonly parts: HubParts;
  readonly rules: Rules;
  disk: HubDisk;
  /** Greetings that wait for an answer of storage: nothing else happens meanwhile. */
  pending = 0;
  /** Null: not running. */
  process: HubProcess | null = null;
  full = false;
  /** Where the hub's own chain is kept a second time; null: nowhere. */
  mirror: Mirror | null = null;
  /** Dies at the next commit, before or after it. */
  dieAt: 'before' | 'after' | null = null;

  constructor(parts: HubParts) {
    this.parts = parts;
    this.disk = HubDisk.fresh(parts.key);
    this.rules = rememberingRules(parts.learns);
  }

  /** False: it could not open its epoch (a full disk, a death at that commit); whoever supervises it tries again. */
  start(): boolean {
    if (this.process) return true;
    try {
      this.process = new HubProcess(this);
      return true;
    } catch (error) {
      if (!(error instanceof Crashed || error instanceof NoRoom)) throw error;
      this.parts.net.hub = null;
      return false;
    }
  }

  /** The process is gone at once. `unheard`: its machine too, so that nobody is told. */
  kill(unheard: boolean): void {
    const { process } = this;
    if (!process) return;
    this.process = null;
    process.life.alive = false;
    const { net } = this.parts;
    if (this.#synced) this.disk = this.#synced.copy();
    net.hub = null;
    for (const line of [...net.lines]) line.end('hub', unheard ? 15_000 : 5);
  }

  /** What the last fsync covered; null: every commit. */
  #synced: HubDisk | null = null;
  syncLate(): void {
    this.#synced = this.disk.copy();
  }

  /** One storage transaction. */
  commit<T>(run: (disk: HubDisk) => T): T {
    const dies = this.dieAt;
    this.dieAt = null;
    if (dies === 'before') throw new Crashed('hub');
    if (this.full) {
      // Decided and then thrown away, as a transaction that found no room.
      run(this.disk.copy());
      throw new NoRoom('SQLITE_FULL');
    }
    const answer = run(this.disk);
    if (dies === 'after') throw new Crashed('hub');
    return answer;
  }

  /** Everything that waits is projected. */
  project(): void {
    const { inbox } = this.disk;
    const state = this.parts.seams.projection(inbox, () => this.parts.time.now);
    while (projectEvents(state, this.rules.read).more);
  }
}

const SEAL_EVERY_MS = 60_000;

export class NoRoom extends Error {}

export class HubProcess {
  readonly hub: Hub;
  readonly life: Life;
  readonly own: HubOwn;
  readonly sessions = new Map<string, Session>();
  /** Checkpoints it found good, by their text. */
  readonly opened = new Map<string, LogHead>();
  readonly #epoch: EpochId;
  readonly #startedAt: number;
  #sealedAt = 0;
  #syncedAt = 0;

  constructor(hub: Hub) {
    this.hub = hub;
    const { time, net, prng, key } = hub.parts;
    this.life = new Life(time, (run) => this.guard(run));
    this.#epoch = prng.hex(16) as EpochId;
    this.#startedAt = time.now;
    this.own = new HubOwn(this);
    this.own.takeBack();
    const { inbox } = hub.disk;
    const last = inbox.chains.findLast((each) => each.device === key.id);
    this.own.state([
      {
        ...{ type: 'hub.started', device: key.id, epoch: this.#epoch, build: 'hailong-hub/simulated' },
        parent: last ? { epoch: last.epoch, seq: last.headSeq, hash: toHex(last.headHash) } : null,
        lineage: inbox.lineage(),
      } as EventBody,
    ]);
    net.hub = { life: this.life, accept: (line) => new Session(this, line) };
    this.#tick();
  }

  guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof Crashed)) throw error;
      this.hub.parts.trace.note('hub', 'dies at a commit');
      this.hub.kill(false);
      this.hub.parts.died();
    }
  }

  now(): number {
    return this.hub.parts.time.now;
  }

  /** Who states the hub's own facts: this start, now. */
  writer(): Omit<OwnFacts, 'bodies'> {
    const at = this.now();
    return { device: this.hub.parts.key.id, epoch: this.#epoch, at, mono: at - this.#startedAt };
  }

  /** Two people decide about a chain that waits for them. */
  decide(device: string, epoch: string, counted: boolean): void {
    this.own.state([
      { type: 'chain.decided', device, epoch, counted, reason: 'checked', by: ['Lan', 'Minh'] } as EventBody,
    ]);
    this.sessions.get(device)?.tellStanding();
  }

  /** A request of a station or the e-government system: committed, then offered. */
  ask(intent: Intent, expiresInMs: number): OwnSlip | null {
    const at = this.now();
    if (this.hub.full) return null;
    this.hub.commit((disk) => {
      if (disk.inbox.intent(intent.intentId)) return;
      disk.offers.set(intent.intentId, { intent, expiresAt: at + expiresInMs });
      disk.inbox.intents.set(intent.intentId, {
        ...{ counterId: intent.counterId, kind: intent.kind, state: 'pending', code: null },
        transactionId: 'transaction' in intent ? intent.transaction : null,
      });
    });
    const { inbox } = this.hub.disk;
    if (inbox.openHandover(intent.counterId) !== null)
      return inbox.intent(intent.intentId)?.state === 'pending' ? this.own.decide(intent) : null;
    for (const session of this.sessions.values()) if (session.counterId === intent.counterId) session.offer();
    return null;
  }

  /** The log's minute, which is shorter here: who watches is told. */
  #seal(): void {
    const { disk } = this.hub;
    if (this.now() < this.#sealedAt + SEAL_EVERY_MS) return;
    this.#sealedAt = this.now();
    const checkpoint = disk.log.seal(disk.heads());
    if (checkpoint) for (const session of this.sessions.values()) session.tell(checkpoint);
  }

  #tick(): void {
    const { hubSyncEveryMs } = this.hub.parts.seams;
    if (hubSyncEveryMs > 0 && this.now() >= this.#syncedAt + hubSyncEveryMs) {
      this.#syncedAt = this.now();
      this.hub.syncLate();
    }
    this.life.after(this.hub.parts.prng.int(2_000, 12_000), () => {
      const { disk } = this.hub;
      for (const [id, { expiresAt }] of disk.offers) {
        if (expiresAt < this.now() - INTENT_GRACE_MS && disk.inbox.intent(id)?.state === 'pending')
          resolveIntent(disk.inbox, { intentId: id, state: 'expired', code: 'intent.expired' }, this.now());
        if (disk.inbox.intent(id)?.state !== 'pending') disk.offers.delete(id);
      }
      if (!this.hub.full) {
        this.hub.project();
        this.#seal();
      }
      this.#tick();
    });
  }
}
