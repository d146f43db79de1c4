/*
 * Purpose: bad bytes, in random pieces, into parser and driver: noise, damaged frames, whole frames of the wrong
 *   direction, address, boot, ticket or tag, endless ones - beside a panel that answers and real presses now and then.
 * Refuses: to take the driver's word: what counts is compared with what was really pressed, and each press that is told
 *   with a second decoder that was written apart from the first (reference-decoder.ts).
 * Document: firmware-notes/bench-notes.md, "The fuzz".
 */
import { createCpp1Panel } from '@hailong/device-drivers/panel/families/cpp1.ts';
import { decodeHostMessage } from '@hailong/device-drivers/panel/message-codec.ts';
import type { PanelDriver, PanelPress } from '@hailong/device-drivers/panel/panel-driver.ts';
import { FrameParser } from '@hailong/device-drivers/panel/parser.ts';
import type { PanelClock, SerialListener, SerialTransport } from '@hailong/device-drivers/panel/ports.ts';
import { chanceOf } from '../support/firmware/chance.ts';
import { heapMb } from './heap.ts';
import { MakeTrouble, type PanelPast } from './make-trouble.ts';
import { buttonFrame, infoFrame, resultFrame, statusFrame } from './panel-frames.ts';
import { ReferenceDecoder } from './reference-decoder.ts';

export interface FuzzFigures {
  readonly bytes: number;
  readonly frames: number;
  /** Real presses, each stored once. */
  readonly presses: number;
  /** Presses that counted and that nobody made, and told ones that stood in no whole frame. */
  readonly false: number;
  /** Real presses that were not stored. */
  readonly lost: number;
  /** Damaged frames that passed every check by chance: about 1 in 65,536 of them. */
  readonly collisions: number;
  /** Greatest heap after a collection, megabytes, and how much it grew after the first tenth. */
  readonly heapMb: number;
  readonly grewMb: number;
  readonly holds: boolean;
}

export interface FuzzOptions {
  readonly bytes: number;
  readonly seed: number;
  readonly say: (text: string) => void;
  readonly showEveryMs: number;
}

/** 38400 baud. */
const MS_PER_BYTE = 0.26;
const CHUNK_MAX = 700;
const WHOLE_KEPT = 5_000;
const PULL = 0.0005;
const GREW_MAX_MB = 8;
/** A press made while the line is good is stored within this many bytes of line, retransmissions included. */
const PATIENCE_BYTES = 60_000;

/** The driver's line and clock, and a panel behind them that answers every command. */
class Bench {
  nowMs = 0;
  readonly reference = new ReferenceDecoder();
  readonly past: PanelPast = { boot: 0x1234_0001, uptimeMs: 0, ticket: 1, oldTicket: 0 };
  /** Sent again with every chunk until its ACK, as a panel's queue would. */
  waiting: {
    readonly button: number;
    readonly seq: number;
    readonly uptimeMs: number;
    readonly ticket: number;
  } | null = null;
  acksForeign = 0;
  readonly told = new Set<string>();
  #listener: SerialListener | null = null;
  #timer: { atMs: number; fire: () => void } | null = null;
  readonly #heard = new FrameParser('host-to-panel');
  readonly #answers: Uint8Array[] = [];
  readonly #whole = new Set<string>();

  constructor() {
    this.reference.wasSent = (encoded) => this.#whole.has(encoded);
  }

  readonly clock: PanelClock = {
    nowMs: () => this.nowMs,
    setTimer: (delayMs, fire) => {
      const timer = { atMs: this.nowMs + delayMs, fire };
      this.#timer = timer;
      return () => {
        if (this.#timer === timer) this.#timer = null;
      };
    },
  };

  readonly transport: SerialTransport = {
    path: '/fuzz',
    watch: () => () => undefined,
    connect: (listener) => {
      queueMicrotask(() => {
        this.#listener = listener;
        this.reference.reset();
        listener.opened();
      });
      return {
        write: (bytes) => {
          for (const output of this.#heard.push(bytes))
            if (output.kind === 'frame')
              this.#asked(output.frame.type, output.frame.tag, output.frame.payload);
          return true;
        },
        close: () => this.pull(),
      };
    },
  };

  pull(): void {
    const listener = this.#listener;
    this.#listener = null;
    queueMicrotask(() => listener?.ended({ reason: 'hung-up', detail: '' }));
  }

  /** The bytes reach the driver; the time they take on the wire passes. */
  receive(bytes: Uint8Array): void {
    this.reference.push(bytes);
    this.#listener?.received(bytes);
    this.nowMs += bytes.length * MS_PER_BYTE;
    this.past.uptimeMs = Math.floor(this.nowMs);
    while (this.#timer !== null && this.#timer.atMs <= this.nowMs) {
      const { fire } = this.#timer;
      this.#timer = null;
      fire();
    }
  }

  takeAnswers(): Uint8Array[] {
    return this.#answers.splice(0).map((frame) => this.whole(frame));
  }

  /** Remembers a frame that goes out whole, for a while. */
  readonly whole = (frame: Uint8Array): Uint8Array => {
    if (this.#whole.size >= WHOLE_KEPT) this.#whole.delete(this.#whole.values().next().value ?? '');
    this.#whole.add(frame.slice(1, -1).join());
    return frame;
  };

  button(): Uint8Array | null {
    if (this.waiting === null) return null;
    const { button, seq, uptimeMs, ticket } = this.waiting;
    return this.whole(buttonFrame({ boot: this.past.boot, seq, button, uptimeMs, ticket }));
  }

  #asked(type: number, tag: number, payload: Uint8Array): void {
    const decoded = decodeHostMessage(type, payload);
    if (!decoded.ok) return;
    const { message } = decoded;
    const { boot, uptimeMs, ticket } = this.past;
    const queueLength = this.waiting === null ? 0 : 1;
    if (message.name === 'ack') {
      if (!this.told.has(`${message.boot}/${message.seq}`)) this.acksForeign += 1;
      if (message.boot === boot && message.seq === this.waiting?.seq) this.waiting = null;
    } else if (message.name === 'hello') this.#answers.push(infoFrame(boot, tag));
    else if (message.name === 'ping')
      this.#answers.push(statusFrame(boot, tag, uptimeMs, queueLength, ticket));
    else this.#answers.push(resultFrame(type, tag, queueLength));
  }
}

/** Two turns of the event loop's promises: what the driver resolves has settled. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

export async function fuzz({ bytes, seed, say, showEveryMs }: FuzzOptions): Promise<FuzzFigures> {
  const chance = chanceOf(seed);
  const bench = new Bench();
  const trouble = new MakeTrouble(chance, bench.past, bench.whole);
  const driver: PanelDriver = createCpp1Panel({ transport: bench.transport, clock: bench.clock });
  const { reference } = bench;
  let falsePresses = 0;
  let stored = 0;
  let made: { sinceBytes: number; stored: boolean } | null = null;
  let realKey = '';
  let lost = 0;
  let sent = 0;
  driver.on('press', (press) => {
    const key = keyOf(press);
    if (!reference.saw(key)) falsePresses += 1;
    if (press.askTicket === bench.past.ticket) {
      // A retransmission that was on its way when the ACK came is told once more, and is the same press.
      if (key !== realKey) falsePresses += 1;
      else if (made?.stored === false) {
        made.stored = true;
        stored += 1;
      }
    }
    bench.told.add(`${press.boot}/${press.seq}`);
    if (bench.told.size > 10_000) bench.told.delete(bench.told.values().next().value ?? '');
    driver.acknowledge(press);
  });
  driver.start();
  await settle();
  let earlyMb = 0;
  let mostMb = 0;
  let seq = 0;
  let shownMs = Date.now();
  let rest: number[] = [];
  for (let step = 0; sent < bytes; step += 1) {
    if (made?.stored && bench.waiting === null) made = null;
    if (made === null && driver.state === 'ready' && chance() < 0.05) {
      // A new question, and somebody presses.
      bench.past.oldTicket = bench.past.ticket;
      bench.past.ticket = 1 + Math.floor(chance() * 0xffff_fffe);
      seq = seq === 0xffff ? 1 : seq + 1;
      const { ticket, boot, uptimeMs } = bench.past;
      bench.waiting = { button: Math.floor(chance() * 5), seq, uptimeMs, ticket };
      realKey = [boot, seq, ticket, bench.waiting.button, uptimeMs].join();
      made = { sinceBytes: sent, stored: false };
    }
    if (made !== null && !made.stored && sent - made.sinceBytes > PATIENCE_BYTES) {
      lost += 1;
      made = null;
      bench.waiting = null;
    }
    const pieces = [trouble.next()];
    for (const answer of bench.takeAnswers()) pieces.push(answer);
    const button = bench.button();
    if (button !== null && chance() < 0.2) pieces.push(button);
    for (const piece of pieces) rest.push(...piece);
    if (chance() < 0.3) continue;
    while (rest.length > 0) {
      const chunk = Uint8Array.from(rest.splice(0, 1 + Math.floor(chance() * CHUNK_MAX)));
      sent += chunk.length;
      bench.receive(chunk);
    }
    rest = [];
    if (chance() < PULL) bench.pull();
    if (step % 8 === 0) await settle();
    if (step % 2_000 === 0) {
      mostMb = Math.max(mostMb, heapMb());
      if (sent < bytes / 10) earlyMb = mostMb;
    }
    if (Date.now() - shownMs < showEveryMs) continue;
    shownMs = Date.now();
    say(`${sent} / ${bytes} byte, ${reference.frames} khung / frames, ${stored} lần bấm / presses`);
  }
  await driver.stop();
  const grewMb = Math.max(0, heapMb() - (earlyMb || heapMb()));
  const bad = falsePresses + bench.acksForeign;
  return {
    bytes: sent,
    frames: reference.frames,
    presses: stored,
    false: bad,
    lost,
    collisions: reference.strangers,
    heapMb: Math.round(mostMb * 10) / 10,
    grewMb: Math.round(grewMb * 10) / 10,
    holds: bad + lost === 0 && grewMb <= GREW_MAX_MB,
  };
}

function keyOf({ boot, seq, askTicket, button, uptimeMs }: PanelPress): string {
  return [boot, seq, askTicket, button, uptimeMs].join();
}
