/*
 * Purpose: the network between kiosks and hub. A line carries messages in order with some latency until the weather says
 * otherwise: messages vanish, come twice, overtake each other, stall, and lines are cut, from one side first. What was on
 * its way when a side hung up may still arrive, as from a proxy's buffer; the hub's fence must cope.
 * Refuses: a line silent for 15 s lives on at neither side; a connection that nobody accepts ends.
 */
import type { HubLink } from '../../kiosk-app/agent/application/ports.ts';
import { type HubToDevice, LINK_SILENCE_MS } from '../../shared/src/protocol/edge.ts';
import type { Prng } from './prng.ts';
import type { Life, VirtualTime } from './virtual-time.ts';

type KioskListener = Parameters<HubLink['open']>[0];
export type Frame = string | Uint8Array;

/** What the hub's process gives for a line it accepted. */
export interface HubSide {
  heard(frame: Frame): void;
  ended(): void;
}
export interface HubDoor {
  readonly life: Life;
  accept(line: Line): HubSide;
}

/** How often a message meets each fate, and how long it travels; a history has its own weather. */
export interface Weather {
  /** Longest travel one way, ms. */
  travelMs: number;
  drop: number;
  duplicate: number;
  reorder: number;
}
export type WireFault = 'drop' | 'duplicate' | 'reorder' | 'stall' | 'cut' | 'thin line';

export class Network {
  readonly time: VirtualTime;
  readonly prng: Prng;
  readonly weather: Weather;
  readonly lines = new Set<Line>();
  /** Null: nobody listens there. */
  hub: HubDoor | null = null;
  /** Kiosks without a network. */
  readonly blocked = new Set<string>();
  /** Lines that break at a frame larger than this. */
  readonly thin = new Map<string, number>();
  readonly fired: (fault: WireFault, who: string) => void;

  constructor(
    time: VirtualTime,
    prng: Prng,
    weather: Weather,
    fired: (fault: WireFault, who: string) => void,
  ) {
    this.time = time;
    this.prng = prng;
    this.weather = weather;
    this.fired = fired;
  }

  linkOf(who: string, life: Life): HubLink {
    let line: Line | null = null;
    return {
      open: (listener) => {
        line?.end('kiosk');
        line = new Line(this, who, life, listener);
      },
      send: (frame) => line?.fromKiosk(frame) ?? false,
      close: () => line?.end('kiosk'),
    };
  }

  linesOf(who: string): Line[] {
    return [...this.lines].filter((line) => line.who === who);
  }
}

export class Line {
  readonly who: string;
  readonly #net: Network;
  readonly #kiosk: Life;
  readonly #listener: KioskListener;
  #hubLife: Life | null = null;
  #hub: HubSide | null = null;
  #kioskOpen = true;
  #hubOpen = false;
  #stalledUntil = 0;
  readonly #last = { up: 0, down: 0 };

  constructor(net: Network, who: string, kiosk: Life, listener: KioskListener) {
    this.#net = net;
    this.who = who;
    this.#kiosk = kiosk;
    this.#listener = listener;
    net.lines.add(this);
    const reached = net.hub !== null && !net.blocked.has(who);
    net.time.after(net.prng.int(1, 40), () => {
      const door = net.hub;
      if (!reached || !door || !this.#kioskOpen) {
        this.end('hub');
        return;
      }
      this.#hubLife = door.life;
      this.#hubOpen = true;
      this.#hub = door.accept(this);
    });
  }

  /** False: the line is not open, as far as the kiosk knows. */
  fromKiosk(frame: Frame): boolean {
    if (!this.#kioskOpen || !this.#hub) return false;
    const limit = this.#net.thin.get(this.who);
    if (limit !== undefined && typeof frame !== 'string' && frame.byteLength > limit) {
      this.#net.fired('thin line', this.who);
      this.cut();
      return true;
    }
    this.#carry('up', () => {
      const hub = this.#hub;
      if (this.#hubOpen && hub) this.#onHub(() => hub.heard(frame));
    });
    return true;
  }

  toKiosk(message: HubToDevice): void {
    if (!this.#hubOpen) return;
    this.#carry('down', () => {
      if (this.#kioskOpen) this.#kiosk.run(() => this.#listener.message(message));
    });
  }

  stall(forMs: number): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, this.#net.time.now + forMs);
    if (forMs >= LINK_SILENCE_MS)
      this.#net.time.after(LINK_SILENCE_MS, () => this.end(this.#net.prng.chance(0.5) ? 'kiosk' : 'hub'));
  }

  cut(): void {
    this.end(this.#net.prng.chance(0.5) ? 'kiosk' : 'hub');
  }

  /** One side has it over; the other hears of it later, at the latest when it misses the pings. */
  end(side: 'kiosk' | 'hub', otherAfterMs = this.#net.prng.int(1, this.#net.prng.pick([60, 15_000]))): void {
    const { time } = this.#net;
    if (side === 'kiosk') this.#endKiosk();
    else this.#endHub();
    time.after(otherAfterMs, () => {
      this.#endKiosk();
      this.#endHub();
    });
  }

  /** The hub has it over once it has said what it had to say. */
  close(): void {
    this.#carry('down', () => this.#endKiosk());
    this.#net.time.after(LINK_SILENCE_MS, () => this.#endKiosk());
    this.#endHub();
  }

  #endKiosk(): void {
    if (!this.#kioskOpen) return;
    this.#kioskOpen = false;
    this.#net.lines.delete(this);
    this.#net.time.after(0, () => this.#kiosk.run(() => this.#listener.ended()));
  }

  #endHub(): void {
    if (!this.#hubOpen) return;
    this.#hubOpen = false;
    const hub = this.#hub;
    if (hub) this.#onHub(() => hub.ended());
  }

  #onHub(run: () => void): void {
    this.#hubLife?.run(run);
  }

  #carry(way: 'up' | 'down', arrive: () => void): void {
    const { time, prng, weather, fired } = this.#net;
    const draw = prng.next();
    if (draw < weather.drop) {
      fired('drop', this.who);
      // TCP does not lose one message and go on: the line is over before long, though others may still come through.
      time.after(prng.int(500, LINK_SILENCE_MS), () => this.cut());
      return;
    }
    const travel = Math.max(time.now + prng.int(weather.travelMs >> 2, weather.travelMs), this.#stalledUntil);
    if (draw < weather.drop + weather.reorder) {
      fired('reorder', this.who);
      time.after(travel + prng.int(1, 400) - time.now, arrive);
      return;
    }
    const at = Math.max(travel, this.#last[way]);
    this.#last[way] = at;
    time.after(at - time.now, arrive);
    if (draw < weather.drop + weather.reorder + weather.duplicate) {
      fired('duplicate', this.who);
      time.after(at + prng.int(0, 3_000) - time.now, arrive);
    }
  }
}
