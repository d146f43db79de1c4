/*
 * Purpose: an office for fault runs: a real hub and real agents as processes on given folders, each startable under a
 * wrapper (strace, libfaketime), killed and started again on the same data, with what every life of an agent said kept.
 * It knows by itself who serves where: that is what stored ratings are judged against.
 * Refuses: to reach into a running program.
 * Document: tests/prove/README.md.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type PanelSimulator,
  startPanelSimulator,
} from '@hailong/device-drivers/simulators/panel-simulator.ts';
import { instrument } from '@hailong/shared/model/instrument.ts';
import { vietnamMonth } from '@hailong/shared/time.ts';
import type Sqlite from 'better-sqlite3';
import { systemClock } from '../../hub-server/src/adapters/clock.ts';
import { loadHubKeys } from '../../hub-server/src/adapters/keys.ts';
import { askRunningHub } from '../../hub-server/src/adapters/operator-socket.ts';
import { mintRecoveryKey } from '../../hub-server/src/adapters/recovery-key.ts';
import { createSecrets } from '../../hub-server/src/adapters/secrets.ts';
import { openStorage } from '../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import { madeOnce } from '../support/made-once.ts';
import { ApiClient, ask, type DemoSetup, StationClient, setupAsShipped } from '../support/office.ts';
import { hubBin, kioskBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { freePort } from '../support/ports.ts';
import { isAlive, type JsonLine, type Program, startProgram } from '../support/program.ts';
import {
  acknowledgedIn,
  agentFile,
  hubHolding,
  judgeHub,
  readLeft,
  type Served,
  type Thanked,
  thankedIn,
  type Verdict,
} from './thanked-vs-stored.ts';

/** How a program is started: a command before Node's own, and its environment. */
export interface Wrapper {
  /** Another composition root in the place of the shipped one. */
  readonly program?: string;
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Its time runs so many times faster from its start on. */
  readonly times?: number;
}

/** An agent that waited long for its hub comes back after 15 s and a third; then it sends, on a machine with much else to do. */
const SETTLE_MS = 120_000;
const CRITERIA = ['attitude', 'quality', 'clarity', 'speed', 'order', 'place'];
/** Ten answers fit into one prompt: seven questions and three corrections; it closes as soon as the form's law lets it. */
const SHORT_FORM = instrument.parse({
  id: 'phieu-thu',
  version: 1,
  name: { vi: 'Phiếu thử lỗi', en: 'Form for faults' },
  question: { vi: 'Ông/bà có hài lòng không?', en: 'Are you satisfied?' },
  levels: [5, 4, 3, 2, 1].map((key) => ({ key, word: { vi: `Mức ${key}`, en: `Level ${key}` } })),
  criteria: CRITERIA.map((key) => ({
    ...{ key, about: 'officer', stages: ['reception', 'supplement', 'return', 'refusal', 'advice'] },
    name: { vi: key, en: key },
  })),
  closeAfterMs: 5_000,
  thanksMs: 1_000,
  correctionMs: 5_000,
});

function program(shipped: string, args: readonly string[], wrapper: Wrapper): Program {
  const { command = [], env = {}, program: file = shipped } = wrapper;
  const [first, ...rest] = [...command, process.execPath, file, ...args];
  const [script = '', ...more] = rest;
  return startProgram(script, more, { node: first ?? process.execPath, env });
}

export class FaultCounter {
  readonly office: FaultOffice;
  readonly id: string;
  data: string;
  readonly officer: DemoSetup['officers'][number];
  readonly panel: PanelSimulator | null;
  /** Little, so that no run waits for a disk to be filled; null: as shipped. */
  ballastMb: number | null = 1;
  readonly #lives: Program[] = [];
  /** Lines of lives whose program object was let go. */
  readonly #said: JsonLine[] = [];
  #judged = 0;
  #station: StationClient | null = null;
  /** Null: the office's own, wherever it listens by then. */
  readonly #hub: string | null;

  constructor(office: FaultOffice, number: number, data: string, withPanel: boolean, hub: string | null) {
    const counter = office.setup.counters[number];
    const officer = office.setup.officers[number];
    if (!counter || !officer) throw new Error(`the demo office has no counter ${number}`);
    this.office = office;
    this.id = counter.id;
    this.officer = officer;
    this.data = data;
    this.panel = withPanel ? startPanelSimulator({ hwid: `53494d000000000${number}` }) : null;
    this.#hub = hub;
  }

  get agent(): Program | null {
    return this.#lives.at(-1) ?? null;
  }

  start(wrapper: Wrapper = this.office.wrapper, enrol: string | null = null): Program {
    const before = this.#lives.pop();
    if (before)
      this.#said.push(
        ...before.lines.slice(this.#judged).filter(({ event }) => event === 'thanked' || event === 'acked'),
      );
    this.#judged = 0;
    const life = program(
      kioskBin,
      [
        ...['run', '--data', this.data, '--hub', this.#hub ?? this.office.url, '--ui-port', '0', '--json'],
        ...(this.ballastMb === null ? [] : ['--ballast-mb', String(this.ballastMb)]),
        ...(this.panel ? ['--panel', `cpp1:${this.panel.path}`] : []),
        ...(enrol ? ['--enrol', enrol] : []),
      ],
      wrapper,
    );
    this.#lives.push(life);
    return life;
  }

  isAlive(): boolean {
    return this.agent !== null && isAlive(this.agent.pid);
  }

  /** Whether its data says so; a kill inside enrolment leaves it open, and another code is used. */
  enrolled(): boolean {
    const file = agentFile(this.data);
    if (!existsSync(file)) return false;
    const stored = (db: Sqlite.Database) =>
      db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'setting'").get() !== undefined &&
      db.prepare("SELECT 1 FROM setting WHERE key = 'enrolment'").get() !== undefined;
    return readLeft(file, stored);
  }

  newCode(): Promise<string> {
    return this.office.enrolCode('kiosk', this.id);
  }

  /** Enrols and waits until the officer is on duty. */
  async open(): Promise<void> {
    await this.start(this.office.wrapper, await this.newCode()).line('ready');
    await this.logIn();
    await poll(async () => (await this.#station?.state())?.body.duty?.state === 'started', {
      what: 'the duty',
    });
  }

  /** The officer logs in at the counter's station; the agent starts the duty when it hears of it. */
  async logIn(): Promise<void> {
    const station = this.#station ?? new StationClient(this.office.url);
    if (this.#station === null) {
      const code = await this.office.enrolCode('station', this.id);
      await station.call('POST', '/api/v1/station/enrol', { code });
      await station.state();
      this.#station = station;
    }
    const { code: staffCode, pin } = this.officer;
    const answer = await station.call('POST', '/api/v1/station/login', { staffCode, pin });
    if (answer.status >= 300) throw new Error(`login: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  #heard(): readonly JsonLine[] {
    return this.agent?.lines.slice(this.#judged) ?? [];
  }

  thanked(): Thanked[] {
    return thankedIn([...this.#said, ...this.#heard()]);
  }

  acknowledged(): Thanked[] {
    return acknowledgedIn([...this.#said, ...this.#heard()]);
  }

  /** Another machine at the same counter: an empty folder. The old agent has ended and was judged. */
  replace(data: string): void {
    mkdirSync(data, { recursive: true });
    this.#lives.length = 0;
    this.data = data;
  }

  /** What was judged need not be judged again. */
  forget(): void {
    this.#said.length = 0;
    if (this.agent) this.#judged = this.agent.lines.length;
  }

  async stop(): Promise<void> {
    await this.agent?.stop();
  }

  async close(): Promise<void> {
    await this.stop();
    await this.panel?.stop();
  }
}

export interface OfficeOptions {
  readonly counters: number;
  readonly panels?: boolean;
  /** Where data goes; `folder/hub` and `folder/kiosk-N` unless told. */
  readonly hubData?: string;
  readonly kioskData?: (number: number) => string;
  /** How hub and agents are started when nothing else is said. */
  readonly wrapper?: Wrapper;
  /** See FaultCounter. */
  readonly ballastMb?: number | null;
  /** Where the agents look for the hub, when that is a proxy before it. */
  readonly hubOf?: () => string;
  /** The hub's own address, as soon as it is known. */
  readonly heard?: (url: string) => void;
}

export class FaultOffice implements AsyncDisposable {
  readonly hubData: string;
  readonly setup: DemoSetup;
  readonly wrapper: Wrapper;
  readonly served = new Map<string, Served>();
  readonly counters: FaultCounter[] = [];
  hub: Program | null = null;
  url = '';
  api!: ApiClient;
  readonly #finishing = new Map<string, number>();
  #dossier = 0;
  /** The hub's own time, which decides the month. */
  #hubNow: () => number = Date.now;

  private constructor(hubData: string, setup: DemoSetup, wrapper: Wrapper) {
    this.hubData = hubData;
    this.setup = setup;
    this.wrapper = wrapper;
  }

  /** Hub set up and running, counters enrolled, officers on duty. */
  static async make(folder: string, options: OfficeOptions): Promise<FaultOffice> {
    const { hubData = join(folder, 'hub'), kioskData = (number) => join(folder, `kiosk-${number}`) } =
      options;
    const setup = await madeOnce('fault-office', hubData, async (made) => {
      await establish(made);
      const demo = await setupAsShipped(made);
      await ask(made, { id: SHORT_FORM.id, version: SHORT_FORM.version });
      return demo;
    });
    const office = new FaultOffice(hubData, setup, options.wrapper ?? {});
    await office.startHub();
    options.heard?.(office.url);
    for (let number = 0; number < options.counters; number += 1) {
      mkdirSync(kioskData(number), { recursive: true });
      const hub = options.hubOf?.() ?? office.url;
      const counter = new FaultCounter(office, number, kioskData(number), options.panels ?? false, hub);
      if (options.ballastMb !== undefined) counter.ballastMb = options.ballastMb;
      office.counters.push(counter);
    }
    await Promise.all(office.counters.map((counter) => counter.open()));
    return office;
  }

  /** An office on copies of data that an office like it left; nothing runs yet. */
  static again(setup: DemoSetup, hubData: string, kioskData: readonly string[]): FaultOffice {
    const office = new FaultOffice(hubData, setup, {});
    for (const [number, data] of kioskData.entries())
      office.counters.push(new FaultCounter(office, number, data, false, null));
    return office;
  }

  async startHub(wrapper: Wrapper = this.wrapper): Promise<void> {
    const port = this.url === '' ? String(await freePort()) : new URL(this.url).port;
    const [startedAt, times] = [Date.now(), wrapper.times ?? 1];
    this.#hubNow = () => startedAt + (Date.now() - startedAt) * times;
    this.hub = program(hubBin, ['serve', '--data', this.hubData, '--port', port, '--json'], {
      ...wrapper,
      env: { HAILONG_CAMERAS: 'off', ...wrapper.env },
    });
    this.url = String((await this.hub.line('listening'))['url']);
    this.api = new ApiClient(this.url, this.setup.apiKey);
  }

  /** As `hailong-hub enrol-code` asks a running hub, without another process. */
  async enrolCode(kind: 'kiosk' | 'station', counter: string): Promise<string> {
    const answer = await askRunningHub(this.hubData, { verb: 'enrol-code', kind, counter });
    if (!answer?.ok) throw new Error(`enrol-code: ${JSON.stringify(answer)}`);
    return String((answer.value as readonly { code: string }[])[0]?.code);
  }

  hubIsAlive(): boolean {
    return this.hub !== null && isAlive(this.hub.pid);
  }

  /** Calls the next citizen to a counter and ends the service at once, so that the prompt opens. */
  async serve(counter: FaultCounter): Promise<string> {
    this.#dossier += 1;
    const code = `H21.27-261120-${String(this.#dossier).padStart(6, '0')}`;
    const { transactionId } = await this.api.open(counter.id, [code]);
    this.served.set(transactionId, { officer: counter.officer.id, months: monthsAround(this.#hubNow()) });
    this.#finishing.set(transactionId, Date.now());
    await this.api.finish(transactionId);
    return transactionId;
  }

  /** Transactions whose end was asked for, and this machine's time just before the asking. */
  finishing(): ReadonlyMap<string, number> {
    return this.#finishing;
  }

  /** All thanks so far. A transaction whose opening was answered by nobody (a killed hub) is its counter's officer's. */
  thanked(): Thanked[] {
    return this.counters.flatMap((counter) => {
      const thanked = counter.thanked();
      for (const { transaction } of thanked)
        if (!this.served.has(transaction))
          this.served.set(transaction, {
            officer: counter.officer.id,
            months: monthsAround(this.#hubNow()),
          });
      return thanked;
    });
  }

  /** Whether the hub holds every thanks by now. */
  arrived(): boolean {
    return judgeHub(this.thanked(), hubHolding(this.hubData), this.served).lost === 0;
  }

  /**
   * Waits until the hub holds every thanks, or until it has had its time; answers what is there then. What was judged
   * is not judged again.
   */
  async settled(timeoutMs = SETTLE_MS): Promise<Verdict> {
    await poll(() => this.arrived(), { what: 'every thanks at the hub', timeoutMs, everyMs: 200 }).catch(
      () => undefined,
    );
    const verdict = judgeHub(this.thanked(), hubHolding(this.hubData), this.served);
    for (const counter of this.counters) counter.forget();
    return verdict;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.counters.map((counter) => counter.close()));
    await this.hub?.stop();
  }
}

/** A finish that takes a while may end past the month's edge. */
function monthsAround(now: number): string[] {
  return [...new Set([now - 600_000, now, now + 600_000].map((at) => vietnamMonth(at)))];
}

/**
 * The first run of a hub as `setup` does it, but for the instrument: with the shipped one a prompt lasts half a minute.
 * Like every other it stands in the log.
 */
async function establish(hubData: string): Promise<void> {
  const opened = await openStorage(hubData);
  try {
    const keys = loadHubKeys(hubData);
    const recovery = mintRecoveryKey();
    await opened.storage.identity.establish({
      identity: {
        lineage: `l-${createSecrets().id()}`,
        hubKey: keys.publicKey,
        recoveryKey: recovery.publicKey,
        recoveryBox: recovery.box,
        charter: recovery.charterOf(keys.publicKey),
      },
      instrument: SHORT_FORM,
      at: systemClock.now(),
    });
  } finally {
    await opened.close();
  }
}
