/**
 * All kiosk connections of this hub: the newest hello of a device owns its line. After every commit the pages get
 * their hints; after every change of people and places the screens get theirs.
 * Refuses: two lines of one device. See hub-server/DESIGN.md, "Edge link".
 */
import type { Socket } from 'node:net';
import type { CounterId, Sha256Hex } from '@hailong/shared/ids.ts';
import type { Checkpoint } from '@hailong/shared/log/advance.ts';
import type { HubToDevice } from '@hailong/shared/protocol/edge.ts';
import type { Clock, Timers } from '@hailong/shared/time.ts';
import type { WebSocket } from 'ws';
import { hearEpochs } from '../../application/inbox/hear-epochs.ts';
import { counterConfig, profileShow, rosterOf } from '../../application/kiosks/counter-screen.ts';
import { type CounterScreen, CounterScreens } from '../../application/kiosks/counter-screens.ts';
import { type GreetParts, greetKiosk } from '../../application/kiosks/greet-kiosk.ts';
import { hearWitness, type WitnessParts } from '../../application/kiosks/hear-witness.ts';
import type { LiveBus } from '../../application/live-bus.ts';
import type { LogSealer } from '../../application/log/seal-log.ts';
import type { OwnChain } from '../../application/own-chain/own-chain.ts';
import type { BackupsPort } from '../../application/ports/backups.ts';
import type { DeviceLinks } from '../../application/ports/device-links.ts';
import type { DevicesPort } from '../../application/ports/devices.ts';
import type { InboxPort } from '../../application/ports/inbox.ts';
import type { IntentsPort } from '../../application/ports/intents.ts';
import type { LogPort } from '../../application/ports/log.ts';
import type { OwnChainPort } from '../../application/ports/own-chain.ts';
import type { RecoveryPort } from '../../application/ports/recovery.ts';
import type { RolloutPort } from '../../application/ports/rollout.ts';
import type { ScreensPort } from '../../application/ports/screens.ts';
import type { Secrets } from '../../application/ports/secrets.ts';
import type { ViewsPort } from '../../application/ports/views.ts';
import type { SlipCodes } from '../../application/private-route/slip-codes.ts';
import { deviceIdOf, type HubKeys, verifySignature } from '../keys.ts';
import { sha256 } from '../sha256.ts';
import { sealRoster } from '../x25519-box.ts';
import type { EdgeLine, EdgeParts } from './edge-parts.ts';
import { EdgeSession } from './edge-session.ts';
import { ReadGate } from './read-gate.ts';
import { SLIP_TICK_MS, SlipSupply } from './slip-supply.ts';

/** The hub pings, so that both sides notice a dead line within LINK_SILENCE_MS. */
export const PING_MS = 5_000;
/** Pings unanswered before the line is ended: 15 s. */
const MISSED_MAX = 3;
/** After a change of officers, for those that come at once. */
const ROSTER_MS = 500;
/** How often overdue intents are judged. */
const EXPIRE_MS = 5_000;

export interface EdgeLinksParts {
  readonly screens: ScreensPort;
  readonly rollouts: Pick<RolloutPort, 'step'>;
  readonly inbox: InboxPort;
  readonly devices: DevicesPort;
  readonly intents: IntentsPort;
  readonly views: ViewsPort;
  readonly backups: Pick<BackupsPort, 'safe'>;
  readonly log: Pick<LogPort, 'judge' | 'alarm' | 'consistency'>;
  readonly logSealer: Pick<LogSealer, 'seal'>;
  readonly keys: HubKeys;
  readonly recovery: Pick<RecoveryPort, 'hello' | 'stated' | 'held' | 'show'>;
  readonly secrets: Pick<Secrets, 'id'>;
  readonly ownChain: Pick<OwnChainPort, 'slips' | 'issueSlips'>;
  readonly own: Pick<OwnChain, 'fresh' | 'stated' | 'mirrored'>;
  readonly slipCodes: SlipCodes;
  /** Under TLS or on loopback only: verifiers of PINs go over no other line, sealed or not. */
  readonly isConfidential: boolean;
  readonly bus: LiveBus;
  readonly clock: Clock;
  readonly timers: Timers;
  report(error: unknown): void;
}

export class EdgeLinks implements DeviceLinks {
  readonly #parts: EdgeLinksParts;
  readonly #screens: CounterScreens;
  readonly #byDevice = new Map<string, EdgeLine>();
  /** Of most counters one; a kiosk that was replaced may still be there. */
  readonly #atCounter = new Map<string, Set<EdgeLine>>();
  readonly #since = new WeakMap<EdgeLine, number>();
  readonly #due = new Set<() => void>();
  readonly #sockets = new Map<WebSocket, number>();
  readonly #session: EdgeParts;
  /** The newest checkpoint of this start. */
  #signed: Checkpoint | null = null;
  /** Whether heads are awaited: known after each hello, so that a hub that has all pays nothing for a batch. */
  #recovering: boolean;
  #rosterDue = false;
  #stopped = false;

  constructor(parts: EdgeLinksParts, recovering: boolean) {
    this.#parts = parts;
    this.#screens = new CounterScreens(parts.screens);
    this.#recovering = recovering;
    const witness: WitnessParts = {
      ...{ ...parts, hubKey: parts.keys.publicKey, verify: verifySignature, sha256, opened: new Map() },
    };
    const greeting: GreetParts = {
      ...{ ...parts, ...witness, deviceIdOf },
      hearWitness: (device, held) => hearWitness(witness, device, held),
      seal: () => parts.logSealer.seal().catch(parts.report),
      recovering: () => this.#recovering,
      ownMirrored: () => parts.own.mirrored,
      recoveryChanged: ({ recovering, entered }) => this.#recoveryIs(recovering, entered),
    };
    this.#session = {
      ...parts,
      gate: new ReadGate(),
      log: parts.report,
      greet: (hello, nonce) => greetKiosk(greeting, hello, nonce),
      hearEpochs: (device, message) => hearEpochs({ ...greeting, ...parts }, device, message),
      sessionStarted: (session) => this.#started(session),
      sessionEnded: (session) => this.#ended(session),
      deviceChanged: (counterId) => this.#changed(counterId),
      recorded: (device, result, upTo) => {
        for (const counter of result.counters) parts.bus.counter(counter);
        if (result.takenBack) parts.own.stated();
        if (this.#recovering) this.#held(device, result.head.epoch, upTo);
      },
    };
    this.#every(PING_MS, () => this.#ping());
    this.#every(EXPIRE_MS, () => this.#expire());
    const slips = new SlipSupply(parts);
    this.#every(SLIP_TICK_MS, () => slips.tick(this.#byDevice.values()));
  }

  accept(socket: WebSocket, raw: Socket): void {
    if (this.#stopped) {
      socket.terminate();
      return;
    }
    this.#sockets.set(socket, 0);
    const alive = () => this.#sockets.set(socket, 0);
    socket.on('pong', alive);
    socket.on('message', alive);
    socket.on('close', () => this.#sockets.delete(socket));
    new EdgeSession(socket, raw, this.#session);
  }

  close(): void {
    this.#stopped = true;
    for (const cancel of this.#due) cancel();
    for (const socket of this.#sockets.keys()) socket.terminate();
  }

  blobTokenKnown(token: string): boolean {
    for (const session of this.#byDevice.values()) if (session.blobToken === token) return true;
    return false;
  }

  onlineSince(device: string): number | null {
    const line = this.#byDevice.get(device);
    return line ? (this.#since.get(line) ?? null) : null;
  }

  async offerIntents(counterId: string): Promise<void> {
    this.#offer(counterId, await this.#parts.intents.sendable({ counterId, at: this.#parts.clock.now() }));
  }

  #offer(counterId: string, { device, pending }: Awaited<ReturnType<IntentsPort['sendable']>>): void {
    const session = device === null ? undefined : this.#byDevice.get(device);
    if (!session || session.counterId !== counterId) return;
    for (const each of pending) session.sendIntent({ type: 'intent', ...each });
  }

  async configChanged(): Promise<void> {
    // Written down before anybody is told: what goes to whom is a matter of groups.
    await this.#parts.rollouts.step({ at: this.#parts.clock.now() });
    await this.#tellScreens(true);
  }

  /** Every screen its roster, and with `isAll` its configuration before it. */
  async #tellScreens(isAll: boolean): Promise<void> {
    const screens = new Map<string, Promise<CounterScreen>>();
    for (const session of this.#byDevice.values()) {
      const counterId = session.counterId;
      if (counterId === null) continue;
      const withPins = this.#mayCheckPins(session);
      const key = `${counterId} ${withPins}`;
      let screen = screens.get(key);
      if (!screen) {
        screen = this.#screens.ofCounter({ counterId, withPins });
        screens.set(key, screen);
      }
      const told = await screen;
      const message = isAll ? counterConfig(told) : null;
      if (message) session.send(message);
      this.#sendRoster(session, told);
    }
  }

  /** Sealed anew for each line and revision: what one device was told opens nowhere else, and no older row stands for a newer. */
  #sendRoster(session: EdgeLine, screen: CounterScreen): void {
    const { device, box } = session;
    const seal = this.#mayCheckPins(session) && device && box ? sealRoster(device, box) : null;
    const roster = rosterOf(screen, seal);
    if (roster) session.send(roster);
  }

  #mayCheckPins({ device, box }: EdgeLine): boolean {
    return this.#parts.isConfidential && device !== null && box !== null;
  }

  async profileChanged(officerId: string): Promise<void> {
    for (const duty of await this.#parts.views.openDutiesOf(officerId))
      for (const session of this.#atCounter.get(duty.counterId) ?? []) {
        const message = profileShow(
          await this.#screens.ofCounter({ counterId: duty.counterId, withPins: false }),
        );
        if (message) session.send(message);
      }
    // The hub may not know yet who is on duty where; a list of officers is one change.
    if (this.#rosterDue) return;
    this.#rosterDue = true;
    this.#after(ROSTER_MS, () => {
      this.#rosterDue = false;
      this.#tellScreens(false).catch(this.#parts.report);
    });
  }

  async safeMoved(): Promise<void> {
    for (const session of this.#byDevice.values()) {
      const { device, epochs } = session;
      if (device === null) continue;
      const safe = await this.#parts.backups.safe({ device, epochs });
      if (safe.length > 0) session.send({ type: 'safe', safe } as HubToDevice);
    }
  }

  /** A new checkpoint goes to every line that follows this log. */
  checkpointSigned(checkpoint: Checkpoint): Promise<void> {
    this.#signed = checkpoint;
    return this.#tellSigned(checkpoint, this.#byDevice.values());
  }

  /** One proof for all that were told the same. */
  async #tellSigned(checkpoint: Checkpoint, lines: Iterable<EdgeLine>): Promise<void> {
    const proofs = new Map<number, Promise<readonly string[] | null>>();
    const proofOf = (from: number) => {
      const proof =
        proofs.get(from) ??
        this.#parts.log.consistency({ origin: checkpoint.origin, from, to: checkpoint.size });
      proofs.set(from, proof);
      return proof;
    };
    for (const session of lines)
      for (;;) {
        const { told } = session;
        if (!told || told.origin !== checkpoint.origin || told.size >= checkpoint.size) break;
        const from = told.size;
        const consistency = (await proofOf(from)) as Sha256Hex[] | null;
        if (!consistency) break;
        // Told of another meanwhile: once more, from that one.
        if (session.told !== told) continue;
        session.tell({ type: 'log.checkpoint', checkpoint, from, consistency });
      }
  }

  reload(devices: readonly string[]): readonly string[] {
    return devices.filter((device) => {
      const session = this.#byDevice.get(device);
      session?.send({ type: 'screen.reload' });
      return session !== undefined;
    });
  }

  end(device: string, code: 'device.revoked'): void {
    this.#byDevice.get(device)?.refuse(code);
  }

  async #started(session: EdgeLine): Promise<void> {
    const { device, counterId } = session;
    if (device === null || counterId === null) return;
    this.#byDevice.get(device)?.refuse('device.line_taken');
    this.#byDevice.set(device, session);
    this.#atCounter.set(counterId, (this.#atCounter.get(counterId) ?? new Set()).add(session));
    this.#since.set(session, this.#parts.clock.now());
    this.#changed(counterId);
    const [known, screen, offered] = await Promise.all([
      this.#parts.inbox.deviceKey(device),
      this.#screens.ofCounter({ counterId, withPins: this.#mayCheckPins(session) }),
      this.#parts.intents.sendable({ counterId, at: this.#parts.clock.now() }),
    ]);
    // What was decided while it said hello found no line of it: revoked, superseded, signed (a quiet day may pass till the next).
    if (known?.revoked) {
      session.refuse('device.revoked');
      return;
    }
    const [config, profile] = [counterConfig(screen), profileShow(screen)];
    session.together(() => {
      if (config) session.send(config);
      this.#sendRoster(session, screen);
      if (profile) session.send(profile);
      this.#offer(counterId, offered);
    });
    await session.tellStanding(device);
    if (this.#signed) await this.#tellSigned(this.#signed, [session]);
    // An older kiosk of this counter learns that it is superseded.
    for (const other of this.#atCounter.get(counterId) ?? [])
      if (other !== session && other.device !== null) await other.tellStanding(other.device);
  }

  #left(counterId: string, session: EdgeLine): void {
    const lines = this.#atCounter.get(counterId);
    lines?.delete(session);
    if (lines?.size === 0) this.#atCounter.delete(counterId);
  }

  #ended(session: EdgeLine): void {
    const { device, counterId } = session;
    if (device === null || counterId === null) return;
    this.#left(counterId, session);
    if (this.#byDevice.get(device) !== session) return;
    this.#byDevice.delete(device);
    this.#parts.devices.seen({ device, at: this.#parts.clock.now() }).catch(this.#parts.report);
    this.#changed(counterId);
  }

  async standingsChanged(counterId: string): Promise<void> {
    for (const session of this.#byDevice.values())
      if (session.counterId === counterId && session.device !== null)
        await session.tellStanding(session.device);
  }

  #held(device: string, epoch: string, seq: number): void {
    const { recovery, clock, report } = this.#parts;
    recovery.held({ device, epoch, seq, at: clock.now() }).then((now) => {
      if (now.left) this.#recoveryIs(now.recovering);
    }, report);
  }

  /**
   * At once, so that the very batches that follow the hello are counted. Who is on a line since before has stated its
   * heads to a hub that did not know yet that it was set back: it is asked to say hello again.
   */
  #recoveryIs(recovering: boolean, entered = recovering && !this.#recovering): void {
    if (entered) for (const session of this.#byDevice.values()) session.terminate();
    this.#recovering = recovering;
    this.#parts.bus.hint({ type: 'hub.changed' });
  }

  async recoveryChanged(): Promise<void> {
    this.#recoveryIs((await this.#parts.recovery.show()).state !== null);
  }

  #changed(counterId: string): void {
    this.#parts.bus.hint({ type: 'device.changed', counterId: counterId as CounterId });
    this.#parts.bus.counter(counterId);
  }

  #ping(): void {
    for (const [socket, missed] of this.#sockets) {
      // What is not read cannot answer.
      if (socket.isPaused) continue;
      if (missed >= MISSED_MAX) socket.terminate();
      else {
        this.#sockets.set(socket, missed + 1);
        if (socket.readyState === socket.OPEN) socket.ping();
      }
    }
  }

  #expire(): void {
    this.#parts.intents.expire(this.#parts.clock.now()).then((counters) => {
      for (const counter of counters) this.#parts.bus.counter(counter);
    }, this.#parts.report);
  }

  #every(delayMs: number, act: () => void): void {
    this.#after(delayMs, () => {
      act();
      this.#every(delayMs, act);
    });
  }

  /** Unless it is closed before: a timer that is still due keeps a process that has nothing more to do. */
  #after(delayMs: number, act: () => void): void {
    const cancel = this.#parts.timers.after(delayMs, () => {
      this.#due.delete(cancel);
      if (!this.#stopped) act();
    });
    this.#due.add(cancel);
  }
}
