/*
 * Purpose: one kiosk of a history: a machine (power, clock, panel, disk, key) and, while it runs, the agent's process: the
 * product's CounterRunner, SyncRunner and TimeAnchors wired as kiosk-app/agent/main.ts wires them, over virtual ports.
 * Whoever taps or presses here stands before the machine: they see only the screen and the thanks.
 * Refuses: to run twice at once on one machine; everything after its death.
 */
import { TimeAnchors } from '../../kiosk-app/agent/application/anchor-time.ts';
import type { PanelKeeper } from '../../kiosk-app/agent/application/arm-panel.ts';
import { CheckpointKeeper } from '../../kiosk-app/agent/application/keep-checkpoint.ts';
import { HighWaterKeeper, lossBehind } from '../../kiosk-app/agent/application/keep-high-water.ts';
import { StandingKeeper } from '../../kiosk-app/agent/application/keep-standing.ts';
import type {
  CounterStore,
  Enrolment,
  HighWater,
  HubLink,
  Ids,
  Panel,
  PanelPressed,
  Reporter,
} from '../../kiosk-app/agent/application/ports.ts';
import { ChainPruner } from '../../kiosk-app/agent/application/prune-chain.ts';
import { raiseAlarm } from '../../kiosk-app/agent/application/raise-alarm.ts';
import { type CounterConfig, CounterRunner } from '../../kiosk-app/agent/application/run-counter.ts';
import { type FromHub, SyncRunner } from '../../kiosk-app/agent/application/sync-outbox.ts';
import type { CounterInput } from '../../shared/src/counter/counter-state.ts';
import { toHex } from '../../shared/src/edge/event.ts';
import { CodedError } from '../../shared/src/errors.ts';
import type { DeviceId, EpochId, Hwid, Sha256Hex } from '../../shared/src/ids.ts';
import type { EventBody } from '../../shared/src/model/event.ts';
import type { Screen } from '../../shared/src/protocol/ui.ts';
import { type KeyPair, type Keyring, sha256 } from './keyring.ts';
import { Crashed, type KioskDisk, OpenedDisk } from './kiosk-disk.ts';
import type { Prng } from './prng.ts';
import type { Seams } from './seams.ts';
import type { Trace } from './trace.ts';
import type { Network } from './virtual-line.ts';
import { Life, type MachineClock, type VirtualTime } from './virtual-time.ts';

const BUILD = 'hailong-kiosk/simulated';

export interface KioskParts {
  readonly time: VirtualTime;
  readonly prng: Prng;
  readonly net: Network;
  readonly keyring: Keyring;
  readonly seams: Seams;
  readonly trace: Trace;
  readonly written: KioskDisk['written'];
}
export interface KioskWatch {
  screen(kiosk: Kiosk, screen: Screen): void;
  opened(kiosk: Kiosk, rating: string, transaction: string): void;
  alarm(kiosk: Kiosk, text: string): void;
  died(kiosk: Kiosk): void;
}

export class Kiosk {
  readonly name: string;
  readonly parts: KioskParts;
  readonly clock: MachineClock;
  readonly watch: KioskWatch;
  disk: KioskDisk;
  key: KeyPair;
  enrolment: Enrolment;
  process: KioskProcess | null = null;
  /** The panel at this machine, if it has one: what it still wants to have acknowledged. */
  readonly panel: { readonly hwid: Hwid; readonly boot: number; seq: number; queue: PanelPressed[] } | null;

  constructor(
    name: string,
    parts: KioskParts,
    watch: KioskWatch,
    machine: Pick<Kiosk, 'clock' | 'disk' | 'key' | 'enrolment' | 'panel'>,
  ) {
    this.name = name;
    this.parts = parts;
    this.watch = watch;
    this.clock = machine.clock;
    this.disk = machine.disk;
    this.key = machine.key;
    this.enrolment = machine.enrolment;
    this.panel = machine.panel;
    this.equip(machine.disk);
  }

  /** Puts a disk into the machine. */
  equip(disk: KioskDisk): void {
    this.disk = disk;
    disk.written = this.parts.written;
    disk.now = () => this.parts.time.now;
    this.parts.seams.disk(disk);
  }

  get device(): DeviceId {
    return this.key.id as DeviceId;
  }

  /** Starts the agent; false when it could not (a full disk): whoever supervises it tries again. */
  start(woken: EpochId | null = null): boolean {
    if (this.process) return true;
    const process = new KioskProcess(this, woken);
    this.process = process;
    try {
      process.life.run(() => process.begin());
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      this.stop('process');
      return false;
    }
    return this.process !== null;
  }

  /** The process dies at once; `power`: the machine too, so that nobody closes its line and its boot is over. */
  stop(how: 'process' | 'power'): void {
    const { process } = this;
    if (process) {
      process.life.alive = false;
      this.process = null;
      this.disk.forget();
    }
    for (const line of this.parts.net.linesOf(this.name))
      line.end('kiosk', how === 'power' ? 15_000 : undefined);
    if (how === 'process') return;
    this.disk.powerCut();
    this.clock.boot(this.parts.prng.uuid());
  }

  /** An image of the whole machine, memory and all, taken while it runs. */
  image(): Image | null {
    const { bootId } = this.clock;
    const { mono } = this.clock.stamp();
    return this.process && { disk: this.disk.copy(), epoch: this.process.epoch, bootId, mono };
  }

  /** The machine as it was: the process goes on where it stood, in the same epoch. */
  setBack({ disk, epoch, bootId, mono }: Image): void {
    this.stop('process');
    this.clock.wake(bootId, mono);
    this.equip(disk.copy());
    this.start(epoch);
  }

  /** What came over the line about a hand-over of its counter, and when. */
  readonly told: { readonly handover: string | null; readonly at: number }[] = [];
  hearing(link: HubLink): HubLink {
    return {
      ...link,
      open: (listener) =>
        link.open({
          ...listener,
          message: (message) => {
            if (message.type === 'welcome' || message.type === 'standing')
              this.told.push({ handover: message.handover ?? null, at: this.parts.time.now });
            listener.message(message);
          },
        }),
    };
  }

  /** What the citizen or the supervisor does to a running agent. */
  act(run: (process: KioskProcess) => void): void {
    const { process } = this;
    if (process) process.life.run(() => run(process));
  }
}

export const slipHash = (code: string): Sha256Hex => toHex(sha256(utf8.encode(code)));
const utf8 = new TextEncoder();

export interface Image {
  readonly disk: KioskDisk;
  readonly epoch: EpochId;
  readonly bootId: string;
  readonly mono: number;
}

export class KioskProcess {
  readonly life: Life;
  readonly startedAt: number;
  readonly opened: OpenedDisk;
  readonly runner: CounterRunner;
  readonly sync: SyncRunner;
  readonly #kiosk: Kiosk;
  readonly #anchors: TimeAnchors;
  readonly #highWater: HighWaterKeeper;
  readonly #checkpoints: CheckpointKeeper;
  readonly #loss: ReturnType<typeof lossBehind>;
  screen: Screen | null = null;
  armed = 0;
  /** Whoever pressed a moment ago and looks at the screen. */
  #presser: (() => void) | null = null;
  #online = false;

  constructor(kiosk: Kiosk, woken: EpochId | null) {
    this.#kiosk = kiosk;
    const { time, prng, net, keyring, seams } = kiosk.parts;
    this.startedAt = time.now;
    this.life = new Life(time, (run) => this.#guard(run));
    this.opened = new OpenedDisk(kiosk.disk, kiosk.device);
    const outbox = seams.outbox(this.opened);
    const store: CounterStore = seams.store(woken ? this.opened.woken(woken) : this.opened);
    const settings = this.opened.settings();
    const identity = { device: kiosk.device, publicKey: kiosk.key.publicKey, sign: kiosk.key.sign };
    const ids: Ids = seams.ids(
      {
        uuid: () => prng.uuid(),
        askTicket: () => prng.int(1, 0xffffffff),
        epoch: () => prng.hex(16) as EpochId,
        nonce: () => prng.hex(12),
        random: () => prng.next(),
      },
      kiosk.device,
    );
    const report: Reporter = {
      line: (value) => {
        const { event, id, transaction, code, detail } = value;
        if (event === 'opened') kiosk.watch.opened(kiosk, String(id), String(transaction));
        else if (event === 'alarm') kiosk.watch.alarm(kiosk, `${code} ${detail}`);
      },
      say: () => undefined,
    };
    const { clock, enrolment } = kiosk;
    const timers = this.life;
    const common = { clock, timers, ids, report };
    const link = seams.link(kiosk.hearing(net.linkOf(kiosk.name, this.life)), () => outbox);
    const { highWater: mark } = kiosk.disk;
    this.#loss = lossBehind(mark, outbox);
    if (this.#loss) raiseAlarm(common, 'kiosk.loss_detected', `${this.#loss.epoch}/${this.#loss.seq}`);
    this.#highWater = new HighWaterKeeper({ ...common, file: seams.highWater(this.#highWaterFile()) });
    const standing = new StandingKeeper({
      ...{ ...common, settings },
      apply: (service) => this.runner.setService(service),
    });
    this.#checkpoints = new CheckpointKeeper({
      ...{ ...common, settings, verify: keyring.verify, sha256 },
      keys: { hubKey: enrolment.hubKey, recoveryKey: enrolment.recoveryKey },
      append: (body) => this.runner.append(body),
    });
    const pruner = new ChainPruner(outbox, timers);
    this.runner = new CounterRunner(
      {
        ...common,
        store,
        panel: this.#panel(),
        keeper: this.#keeper(),
        windows: {
          count: 1,
          broadcast: (message) => {
            if (message.type === 'screen') {
              this.screen = message.screen;
              kiosk.watch.screen(kiosk, message.screen);
            } else if (message.type === 'pressed') this.#presser?.();
          },
        },
        counter: enrolment.counterId,
        hasBlob: () => false,
        ticketOf: () => null,
      },
      settings.read('config') as CounterConfig | null,
      standing.service,
    );
    this.sync = new SyncRunner(
      {
        ...{ ...common, link, outbox, settings, identity, standing },
        ...{ highWater: this.#highWater, checkpoints: this.#checkpoints, certificate: enrolment.certificate },
      },
      {
        online: (online) => {
          this.#online = online;
          this.runner.setOnline(online);
          this.#anchors.online(online);
        },
        message: (message) => this.#take(message),
        status: () => ({
          ...{ build: BUILD, panel: 'none', screens: 1, configRevision: 1, diskFreeBytes: null },
        }),
      },
    );
    this.#anchors = new TimeAnchors({
      ...{ ...common, identity },
      hubKey: enrolment.hubKey,
      verify: keyring.verify,
      send: (message) => this.sync.send(message),
      append: (body) => {
        this.runner.append(body);
        pruner.anchored(body.hubAt);
      },
    });
    this.epoch = woken ?? ids.epoch();
  }

  readonly epoch: EpochId;

  get online(): boolean {
    return this.#online;
  }

  begin(): void {
    const { clock, enrolment, panel } = this.#kiosk;
    this.runner.begin(
      { epoch: this.epoch, bootId: clock.bootId, build: BUILD, counter: enrolment.counterId },
      {
        appended: (committed) => {
          this.#highWater.committed(committed);
          this.sync.appended(committed);
        },
        tellHub: (message) => this.sync.send(message),
        recovered: () => this.sync.reconnect(),
        photo: () => undefined,
      },
      this.#loss ? [this.#loss] : [],
    );
    this.#checkpoints.enrolled(enrolment.checkpoint);
    if (panel) {
      this.runner.feed({ type: 'panel', hwid: panel.hwid });
      // A journalled press comes again until it is acknowledged.
      for (const press of [...panel.queue]) this.runner.feed({ type: 'press', ...press });
    }
    this.sync.start();
  }

  /** `thanked` is called the moment the screen says so. */
  tap(
    press: string,
    input: Omit<Extract<CounterInput, { type: 'tap' }>, 'type' | 'press'>,
    thanked: () => void,
  ): void {
    this.runner.feed({ type: 'tap', press, ...input }, (message) => {
      if (message.type === 'recorded') thanked();
    });
  }

  chips(
    press: string,
    input: Omit<Extract<CounterInput, { type: 'chips' }>, 'type' | 'press'>,
    recorded: () => void,
  ): void {
    this.runner.feed({ type: 'chips', press, ...input }, (message) => {
      if (message.type === 'recorded') recorded();
    });
  }

  press(press: PanelPressed, thanked: () => void): void {
    this.#kiosk.panel?.queue.push(press);
    this.#presser = thanked;
    try {
      this.runner.feed({ type: 'press', ...press });
    } finally {
      this.#presser = null;
    }
  }

  append(body: EventBody): void {
    this.runner.append(body);
  }

  #take(message: FromHub): void {
    switch (message.type) {
      case 'intent':
        this.runner.feed({ type: 'intent', intent: message.intent, expiresInMs: message.expiresInMs });
        break;
      case 'slip.codes': {
        const slips = message.codes.map((code) => ({ code, hash: slipHash(code) }));
        this.runner.feed({ type: 'slips', slips });
        break;
      }
      case 'roster':
        this.runner.feed({ type: 'roster', officers: message.officers.map(({ profile }) => profile) });
        break;
      case 'profile.show':
        this.runner.feed({ type: 'profile', duty: message.duty, profile: message.profile });
        break;
      case 'counter.config':
        this.runner.configure(message);
        this.opened.settings().write('config', message);
        break;
      case 'time.anchor':
        this.#anchors.answer(message);
        break;
    }
  }

  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof Crashed)) throw error;
      this.#kiosk.parts.trace.note(this.#kiosk.name, 'dies at a commit');
      this.#kiosk.stop('process');
      this.#kiosk.watch.died(this.#kiosk);
    }
  }

  #highWaterFile(): HighWater {
    const { disk } = this.#kiosk;
    return {
      read: () => ({ mark: disk.highWater, state: disk.highWater ? 'whole' : 'missing' }),
      write: (mark, done) =>
        void this.life.after(2, () => {
          disk.highWater = mark;
          done(true);
        }),
    };
  }

  #panel(): Panel {
    const { panel } = this.#kiosk;
    return {
      state: panel ? 'ready' : 'none',
      start: () => undefined,
      acknowledge: ({ boot, seq }) => {
        if (!panel) return false;
        panel.queue = panel.queue.filter((press) => press.boot !== boot || press.seq !== seq);
        return true;
      },
      arm: async () => true,
      disarm: async () => true,
      drain: async () => true,
      stop: async () => undefined,
    };
  }

  /** The panel's orders are not what a history is about: it holds what is wanted, and is empty after a moment. */
  #keeper(): PanelKeeper {
    const keeper: Pick<PanelKeeper, 'appeared' | 'want'> & { close(): unknown } = {
      appeared: () => undefined,
      want: (wanted) => {
        this.armed = wanted?.askTicket ?? 0;
      },
      close: () => ({
        // Not a promise: a history must not depend on the order of the machine's microtasks.
        // biome-ignore lint/suspicious/noThenProperty: the runner only chains on it
        then: (go: (drained: boolean) => void) => void this.life.after(30, () => go(true)),
      }),
    };
    return keeper as unknown as PanelKeeper;
  }
}
