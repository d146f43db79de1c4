/**
 * Purpose: a panel tried by a technician: ports, a configuration on trial, its live bytes, each button in order, its lamps,
 *   and the file written at the end.
 * Refuses: to write what was not tried, to try what is no valid configuration, and, at a serving agent, to take a press that is
 *   not of its own test: a panel may have kept a citizen's while its cable was out.
 * Document: firmware-notes/families.md, "Set-up".
 */
import { randomInt } from 'node:crypto';
import { LineParser } from '@hailong/device-drivers/panel/line/line-parser.ts';
import type { OpenPanelOptions } from '@hailong/device-drivers/panel/open-panel.ts';
import type { PanelDriver, PanelPress } from '@hailong/device-drivers/panel/panel-driver.ts';
import type { SerialPortInfo } from '@hailong/device-drivers/panel/serial-ports.ts';
import type { Hwid } from '@hailong/shared/ids.ts';
import { type PanelConfig, panelConfig, panelProblem } from '@hailong/shared/model/panel-config.ts';
import { parseWireText, wireTextOf } from '@hailong/shared/model/wire-text.ts';
import type { SetupChoice, SetupToPage, SetupView } from '@hailong/shared/protocol/panel-setup.ts';

export interface SetupParts {
  readonly listPorts: () => Promise<readonly SerialPortInfo[]>;
  readonly open: (config: PanelConfig, options: OpenPanelOptions) => PanelDriver | null;
  readonly save: (config: PanelConfig) => void;
  readonly saved: PanelConfig | null;
  readonly monotonic: () => number;
  /** Takes a press of another question than the test's, and has it acknowledged when it is on disk. Absent: nobody asks any. */
  readonly stray?: (press: PanelPress) => void;
  readonly tell: (message: SetupToPage) => void;
}

const ARM_MS = 3_600_000;
/** Bytes of one burst that are shown; a technician reads no more. */
const SHOWN_BYTES = 64;
/** Of the test, the newest; what a panel sends again under an older one is kept as a stray press. */
const TICKETS_MAX = 16;

export class PanelSetup {
  readonly #parts: SetupParts;
  #driver: PanelDriver | null = null;
  #parser: LineParser | null = null;
  #view: SetupView;
  #trial: Promise<void> = Promise.resolve();
  #tickets: readonly number[] = [];

  constructor(parts: SetupParts) {
    this.#parts = parts;
    this.#view = {
      ...{ ports: null, saved: parts.saved, config: null, problem: null, link: null },
      ...{ armed: false, pressed: 0, wrong: null, lamps: null, isSaved: false },
    };
    this.#look();
  }

  get view(): SetupView {
    return this.#view;
  }

  hear(message: SetupChoice): void {
    switch (message.type) {
      case 'ports':
        this.#change({ ports: null });
        this.#look();
        return;
      case 'try':
        // One after the other: a line must be closed before it is opened anew.
        this.#trial = this.#trial.then(() => this.#try(message.config));
        return;
      case 'close':
        this.#trial = this.#trial.then(async () => {
          await this.stop();
          this.#change({ config: null, problem: null });
        });
        return;
      case 'again':
        this.#change({ pressed: 0, wrong: null });
        void this.#arm();
        return;
      case 'lamps':
        void this.#lamps(message.on);
        return;
      case 'save':
        this.#save();
        return;
    }
  }

  /** Of a press that `stray` took. */
  acknowledge(press: { readonly boot: number; readonly seq: number }): boolean {
    return this.#driver?.acknowledge(press) ?? false;
  }

  async stop(): Promise<void> {
    const driver = this.#driver;
    this.#driver = null;
    this.#parser = null;
    this.#change({ link: null, armed: false, pressed: 0, wrong: null, lamps: null });
    await driver?.stop();
  }

  #look(): void {
    void this.#parts.listPorts().then(
      (ports) => this.#change({ ports: [...ports] }),
      () => this.#change({ ports: [] }),
    );
  }

  async #try(given: unknown): Promise<void> {
    await this.stop();
    const parsed = panelConfig.safeParse(given);
    if (!parsed.success) {
      this.#change({ config: null, problem: panelProblem(parsed.error), isSaved: false });
      return;
    }
    const config = parsed.data;
    this.#change({ config, problem: null, isSaved: false });
    if (config.family === 'line-ascii') {
      const { framing } = config;
      this.#parser = new LineParser(framing.kind === 'byte' ? null : parseWireText(framing.terminator));
    }
    const driver = this.#parts.open(config, { tap: (direction, bytes) => this.#bytes(direction, bytes) });
    if (driver === null) return;
    this.#driver = driver;
    driver.on('ready', () => void this.#arm());
    driver.on('state', ({ state }) => {
      if (state !== 'ready') this.#change({ armed: false });
      this.#link(null);
    });
    driver.on('fault', ({ code }) => this.#link(code));
    driver.on('press', (press) => {
      const { stray } = this.#parts;
      if (stray && !this.#tickets.includes(press.askTicket)) {
        if (this.#driver === driver) stray(press);
        return;
      }
      driver.acknowledge(press);
      if (this.#driver === driver) void this.#pressed(press.button + 1);
    });
    driver.start();
    this.#link(null);
  }

  #bytes(direction: 'in' | 'out', bytes: Uint8Array): void {
    const { tell } = this.#parts;
    tell({ type: 'bytes', direction, text: wireTextOf(bytes.subarray(0, SHOWN_BYTES)) });
    if (direction === 'out' || this.#parser === null) return;
    for (const message of this.#parser.push(bytes, this.#parts.monotonic()))
      if (message.kind === 'message') tell({ type: 'heard', text: wireTextOf(message.bytes) });
  }

  #link(fault: string | null): void {
    const driver = this.#driver;
    if (driver === null) return;
    const { capabilities, identity, state } = driver;
    const { config, link } = this.#view;
    this.#change({
      link: {
        state,
        ...{ hwid: identity?.hwid ?? null, firmware: identity?.firmware || null },
        buttons: config?.family === 'line-ascii' ? config.buttons.length : (identity?.buttons ?? 0),
        ...{ led: capabilities.led, presence: capabilities.presence },
        exactlyOnce: capabilities.delivery === 'exactly-once',
        fault: state === 'ready' && fault === null ? null : (fault ?? link?.fault ?? null),
      },
    });
  }

  async #arm(): Promise<void> {
    this.#link(null);
    const askTicket = randomInt(1, 0xffff_ffff);
    this.#tickets = [...this.#tickets, askTicket].slice(-TICKETS_MAX);
    await this.#driver?.disarm(0);
    const armed = await this.#driver?.arm({
      ...{ askTicket, mask: this.#mask(), singleShot: true, timeoutMs: ARM_MS },
    });
    this.#change({ armed: armed?.ok === true });
  }

  /** A panel refuses buttons that it does not have. */
  #mask(): number {
    return (1 << (this.#driver?.identity?.buttons ?? 0)) - 1;
  }

  /** Told when the next press would be taken, so that nobody is asked for one too early. */
  async #pressed(button: number): Promise<void> {
    await this.#arm();
    const wanted = this.#view.pressed + 1;
    this.#change(button === wanted ? { pressed: wanted, wrong: null } : { wrong: button });
  }

  async #lamps(on: boolean): Promise<void> {
    const done = await this.#driver?.led({ on: on ? this.#mask() : 0, blink: 0, ttlMs: 0 });
    this.#change({ lamps: done?.ok ? (on ? 'on' : 'off') : 'failed' });
  }

  /** The panel that was tried is the one that may serve: its hardware id goes into the file. */
  #save(): void {
    const { config } = this.#view;
    if (config === null) return;
    const hwid = (this.#driver?.identity?.hwid ?? null) as Hwid | null;
    const saved = config.family === 'cpp1' ? { ...config, hwid } : config;
    try {
      this.#parts.save(saved);
    } catch {
      this.#change({ problem: { code: 'not-written', where: '' } });
      return;
    }
    this.#change({ saved, isSaved: true, problem: null });
  }

  #change(part: Partial<SetupView>): void {
    this.#view = { ...this.#view, ...part };
    this.#parts.tell({ type: 'view', view: this.#view });
  }
}
