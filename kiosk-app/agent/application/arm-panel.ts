/**
 * Purpose: keeps the panel armed with the ticket the counter wants, in the order that loses no press: drain, DISARM,
 *   drain, ARM. What is wanted is a value, so a lost command, a crash or a replugged cable needs no memory of it.
 * Refuses: two orders at once; it works one step at a time and looks again at what is wanted.
 * Document: kiosk-app/DESIGN.md, procedures 3 and 4; firmware-notes/panel-protocol.md.
 */
import type { Panel, Timers } from './ports.ts';

/** After a command the panel refused although it is there. */
const RETRY_MS = 300;

export interface WantedArm {
  readonly askTicket: number;
  readonly buttons: number;
  readonly timeoutMs: number;
}

export class PanelKeeper {
  readonly #panel: Panel;
  readonly #timers: Timers;
  #wanted: WantedArm | null = null;
  /** What the panel holds: a ticket, 0 = nothing, null = not known (it has just appeared). */
  #held: number | null = null;
  #present = false;
  #running = false;
  #changed = false;
  #closings: ((drained: boolean) => void)[] = [];

  constructor(panel: Panel, timers: Timers) {
    this.#panel = panel;
    this.#timers = timers;
  }

  appeared(present: boolean): void {
    this.#present = present;
    this.#held = null;
    this.#run();
  }

  want(wanted: WantedArm | null): void {
    this.#wanted = wanted;
    this.#run();
  }

  /** Empties and disarms the panel before a close; whether its queue was seen empty. */
  close(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#closings.push(resolve);
      this.#run();
    });
  }

  #run(): void {
    this.#changed = true;
    if (this.#running) return;
    this.#running = true;
    void this.#work();
  }

  async #work(): Promise<void> {
    while (this.#changed) {
      this.#changed = false;
      await this.#steps();
    }
    this.#running = false;
  }

  async #steps(): Promise<void> {
    for (;;) {
      const closings = this.#closings;
      if (closings.length > 0) {
        this.#closings = [];
        const drained = await this.#empty();
        for (const resolve of closings) resolve(drained);
        continue;
      }
      const target = this.#wanted?.askTicket ?? 0;
      if (!this.#present || this.#held === target) return;
      if (!(await this.#step(target)) && this.#present)
        await new Promise<void>((resolve) => this.#timers.after(RETRY_MS, resolve));
    }
  }

  async #step(target: number): Promise<boolean> {
    if (this.#held !== null && this.#held !== 0) return this.#empty();
    const wanted = this.#wanted;
    const done =
      wanted && target !== 0
        ? await this.#panel.arm(wanted.askTicket, wanted.buttons, wanted.timeoutMs)
        : await this.#panel.disarm(0);
    if (done && this.#present) this.#held = target;
    return done;
  }

  async #empty(): Promise<boolean> {
    const before = await this.#panel.drain();
    const disarmed = await this.#panel.disarm(this.#held ?? 0);
    const after = disarmed && (await this.#panel.drain());
    if (disarmed && this.#present) this.#held = 0;
    return before && after;
  }
}
