/*
 * No press lost, none doubled, none moved: the real driver against the simulated panel in virtual time, with damaged
 * bytes, pulled cables, restarted hosts and a crash between commit and ACK (firmware-notes/panel-protocol.md).
 */
import { createCpp1Panel } from '@hailong/device-drivers/panel/families/cpp1.ts';
import type { PanelDriver, PanelPress } from '@hailong/device-drivers/panel/panel-driver.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualPanel, VirtualWorld } from './virtual-panel.ts';

/** What an agent does: store by the unique key, then acknowledge; re-arm on READY with the stored ticket. */
class Host {
  readonly stored = new Map<string, PanelPress>();
  ticket = 0;
  crashBeforeAck = 0;
  driver: PanelDriver;
  readonly #world: VirtualWorld;
  readonly #panel: VirtualPanel;

  constructor(world: VirtualWorld, panel: VirtualPanel) {
    this.#world = world;
    this.#panel = panel;
    this.driver = this.#open();
  }

  #open(): PanelDriver {
    const driver = createCpp1Panel({ transport: this.#panel.transport, clock: this.#world.clock });
    driver.on('ready', () => {
      void (this.ticket === 0 ? driver.disarm(0) : this.arm(this.ticket));
    });
    driver.on('press', (press) => {
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

  arm(ticket: number): void {
    this.ticket = ticket;
    void this.driver.arm({ askTicket: ticket, mask: 31, singleShot: true, timeoutMs: 600_000 });
  }

  restart(): void {
    const old = this.driver;
    void old.stop();
    this.#world.at(50, () => {
      this.driver = this.#open();
    });
  }
}

function mulberry(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function history(seed: number, presses: number, journal: boolean): Promise<void> {
  const random = mulberry(seed);
  const world = new VirtualWorld();
  const panel = new VirtualPanel(world, journal, seed);
  panel.damage = (bytes) => {
    if (random() < 0.02) return null;
    return bytes.map((byte) => (random() < 0.002 ? byte ^ (1 << Math.floor(random() * 8)) : byte));
  };
  const host = new Host(world, panel);
  const expected = new Map<number, number>();
  for (let ticket = 1; ticket <= presses; ticket += 1) {
    host.arm(ticket);
    for (let waited = 0; panel.state.armed?.ticket !== ticket; waited += 1) {
      if (waited > 600) throw new Error(`seed ${seed}: the panel was never armed with ${ticket}`);
      await world.run(100);
      if (waited % 30 === 29) host.arm(ticket);
    }
    const mischief = random();
    if (mischief < 0.15) host.crashBeforeAck = 1;
    const button = Math.floor(random() * 5);
    expected.set(ticket, button);
    panel.press(button);
    if (mischief > 0.8) world.at(random() * 60 + 25, () => panel.unplug());
    if (mischief > 0.8)
      world.at(400 + random() * 3_000, () => {
        panel.plugged = true;
      });
    if (mischief > 0.6 && mischief < 0.7) world.at(random() * 60, () => host.restart());
    if (journal && mischief > 0.7 && mischief < 0.8)
      world.at(30 + random() * 60, () => panel.give({ type: 'restart', cause: 4 }));
    await world.run(200 + random() * 1_000);
    // Once counted, a second press on the same ticket must change nothing. (After a restart the panel's memory of a
    // used ticket is gone, and the agent's rule "the first committed press counts" takes over.)
    const counted = [...host.stored.values()].some(({ askTicket }) => askTicket === ticket);
    if (counted && !journal && random() < 0.5) panel.press((button + 1) % 5);
    await world.run(200);
  }
  panel.plugged = true;
  for (let waited = 0; panel.state.queue.length > 0 && waited < 300; waited += 1) await world.run(100);
  expect(panel.state.queue).toEqual([]);
  const got = [...host.stored.values()].map(({ askTicket, button }) => [askTicket, button] as const);
  const byTicket = got.toSorted(([a], [b]) => a - b);
  expect(byTicket, `seed ${seed}`).toEqual([...expected]);
  for (const { pressedAtMonoMs, receivedAtMonoMs } of host.stored.values())
    if (pressedAtMonoMs !== null) expect(pressedAtMonoMs).toBeLessThanOrEqual(receivedAtMonoMs);
}

describe('no press lost', () => {
  it('through noise, pulled cables, restarted hosts and crashes between commit and ACK', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), (seed) => history(seed, 25, false)),
      { numRuns: 30, seed: 4_711 },
    );
  });

  it('through restarts of a panel with a journal as well', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), (seed) => history(seed, 25, true)),
      { numRuns: 30, seed: 4_712 },
    );
  });
});
