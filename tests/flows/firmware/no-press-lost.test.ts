/*
 * The firmware, emulated, against the real driver in one virtual time: noise on the line, pulled cables, restarted hosts,
 * crashes between commit and ACK, power cut at any cycle. The pins say what had to be stored (judge.ts).
 */
import { createCpp1Panel } from '@hailong/device-drivers/panel/families/cpp1.ts';
import type { PanelDriver, PanelPress } from '@hailong/device-drivers/panel/panel-driver.ts';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { AvrWorld } from '../../support/firmware/avr-world.ts';
import { buildFirmware, type Firmware, readHex, withoutAvrGcc } from '../../support/firmware/build.ts';
import { chanceOf } from '../../support/firmware/chance.ts';
import { judge, type PinEvent, type Verdict } from '../../support/firmware/judge.ts';

const firmware = buildFirmware(5);
const ARM = 3;
const DISARM = 4;
/** A panel that got its power back has its journal in its queue by then, ms. */
const STARTED_MS = 500;

beforeEach((context) => {
  if (firmware === undefined) context.skip(withoutAvrGcc);
});

/** What an agent does: store by the unique key, then acknowledge; on `ready` drain, then arm the open ticket again. */
class Host {
  readonly stored = new Map<string, PanelPress>();
  ticket = 0;
  singleShot = true;
  crashBeforeAck = 0;
  armed = false;
  #driver: PanelDriver;
  readonly #world: AvrWorld;

  constructor(world: AvrWorld) {
    this.#world = world;
    this.#driver = this.#open();
  }

  async ask(ticket: number, singleShot: boolean): Promise<void> {
    this.ticket = 0;
    this.armed = false;
    await this.#driver.drain();
    await this.#driver.disarm(0);
    await this.#driver.drain();
    Object.assign(this, { ticket, singleShot });
    await this.#arm();
  }

  restart(): void {
    const old = this.#driver;
    void old.stop();
    this.#world.at(60, () => {
      this.#driver = this.#open();
    });
  }

  async #arm(): Promise<void> {
    const { ticket: askTicket, singleShot } = this;
    if (askTicket === 0) return;
    const { ok } = await this.#driver.arm({ askTicket, mask: 31, singleShot, timeoutMs: 600_000 });
    this.armed ||= ok;
  }

  #open(): PanelDriver {
    const driver = createCpp1Panel({ transport: this.#world.transport, clock: this.#world.clock });
    driver.on('ready', () => {
      const answered = [...this.stored.values()].some(({ askTicket }) => askTicket === this.ticket);
      if (!(this.singleShot && answered)) void driver.drain().then(() => this.#arm());
    });
    driver.on('press', (press) => {
      if (driver !== this.#driver) return;
      const { hwid, boot, seq, askTicket, button, uptimeMs } = press;
      this.stored.set([hwid, boot, seq, askTicket, button, uptimeMs].join(), press);
      if (this.crashBeforeAck > 0) {
        this.crashBeforeAck -= 1;
        this.restart();
      } else driver.acknowledge(press);
    });
    driver.start();
    return driver;
  }
}

type Mischief = { readonly powerCuts: boolean; readonly tickets: number; readonly resetOnOpen?: boolean };

async function history(
  { address, hex }: Firmware,
  seed: number,
  { powerCuts, tickets, resetOnOpen = false }: Mischief,
): Promise<Verdict<PanelPress & { start: number | null }>> {
  const chance = chanceOf(seed);
  const world = new AvrWorld(readHex(hex), chance);
  const { machine } = world;
  const bootAt = address('boot_id');
  const startOfBoot = new Map<number, number>();
  const events: PinEvent[] = [];
  const powerOn = () => {
    machine.powerOn();
    events.push({ kind: 'start', atMs: machine.nowMs, start: machine.starts });
  };
  const cut = () => {
    startOfBoot.set(machine.peek32(bootAt), machine.starts);
    machine.cutPower();
    events.push({ kind: 'cut', atMs: machine.nowMs });
  };
  machine.onArmed = (on) => {
    const { type, atMs } = world.lastRequest;
    const byHost = (type === ARM || type === DISARM) && machine.nowMs - atMs < 15;
    events.push({ kind: 'armed', atMs: machine.nowMs, on, byHost });
  };
  world.damage = (byte) => {
    if (chance() < 0.0005) return null;
    return chance() < 0.001 ? byte ^ (1 << Math.floor(chance() * 8)) : byte;
  };
  powerOn();
  if (resetOnOpen)
    world.onOpen = () => {
      if (!machine.powered) return;
      startOfBoot.set(machine.peek32(bootAt), machine.starts);
      events.push({ kind: 'cut', atMs: machine.nowMs });
      machine.reset();
      events.push({ kind: 'start', atMs: machine.nowMs, start: machine.starts });
    };
  const host = new Host(world);
  for (let ticket = 1; ticket <= tickets; ticket += 1) {
    const singleShot = chance() < 0.7;
    let asked = false;
    void host.ask(ticket, singleShot).then(() => {
      asked = true;
    });
    // What it still waits for comes in the same virtual time, which nobody else moves.
    await world.until(() => asked && host.armed, 40_000, `seed ${seed}, ticket ${ticket}: armed`);
    let afterMs = chance() * 30;
    for (let press = 0; press < (singleShot ? 1 : 4); press += 1) {
      const button = Math.floor(chance() * 5);
      const bounceMs = chance() * 6;
      const holdMs = 40 + chance() * 80;
      const firstMs = machine.nowMs + afterMs;
      machine.press(button, { afterMs, holdMs, bounceMs });
      events.push({
        kind: 'press',
        button,
        firstMs,
        settledMs: firstMs + bounceMs,
        openMs: firstMs + holdMs,
      });
      afterMs += holdMs + 270;
    }
    const mischief = chance();
    if (mischief < 0.2) host.crashBeforeAck = 1;
    else if (mischief < 0.4) world.at(chance() * 60, () => host.restart());
    else if (mischief < 0.6) {
      world.at(chance() * 90, () => world.unplug());
      world.at(300 + chance() * 2_500, () => {
        world.plugged = true;
      });
    } else if (mischief < 0.9 && powerCuts) {
      // A cable that carries the power as well: then only the journal can bring the press.
      if (chance() < 0.6) world.unplug();
      world.at(chance() * 160, cut);
      world.at(300 + chance() * 500, () => {
        powerOn();
        world.plugged = true;
      });
    }
    await world.run(afterMs + 300);
  }
  // Before what was cut is back and has read its journal, an empty queue says nothing.
  await world.until(() => machine.powered && world.plugged, 3_000, `seed ${seed}: power and cable back`);
  await world.run(STARTED_MS);
  await world.until(() => machine.peek(address('queued')) === 0, 60_000, `seed ${seed}: the queue emptied`);
  startOfBoot.set(machine.peek32(bootAt), machine.starts);
  const rows = [...host.stored.values()].map((row) => ({ ...row, start: startOfBoot.get(row.boot) ?? null }));
  return judge(events, rows);
}

test('through noise, pulled cables, restarted hosts and crashes between commit and ACK', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const verdict = await history(firmware!, seed, { powerCuts: false, tickets: 12 });
      expect(verdict, `seed ${seed}`).toMatchObject({ lost: [], wrong: [], doubled: [], unfinished: [] });
      expect(verdict.presses).toBeGreaterThan(8);
    }),
    { numRuns: 3, seed: 52 },
  );
});

test('with a board that DTR resets at each opening of the port', async () => {
  const verdict = await history(firmware!, 9, { powerCuts: false, tickets: 14, resetOnOpen: true });
  expect(verdict).toMatchObject({ lost: [], wrong: [], doubled: [] });
  expect(verdict.presses).toBeGreaterThan(12);
});

test('through power cuts at any cycle as well', async () => {
  let unfinished = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const verdict = await history(firmware!, seed, { powerCuts: true, tickets: 12 });
      expect(verdict, `seed ${seed}`).toMatchObject({ lost: [], wrong: [], doubled: [] });
      unfinished += verdict.unfinished.length;
    }),
    { numRuns: 4, seed: 53 },
  );
  expect(unfinished).toBeGreaterThan(0);
});
