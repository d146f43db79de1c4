/*
 * Purpose: an ATmega328P that runs the reference firmware in virtual time (avr8js): timer, USART, EEPROM, watchdog, ADC,
 *   pins with bouncing contacts, power that can go at any cycle - also within the writing of an EEPROM byte.
 * Refuses: to be kinder than the chip: after power-on RAM is noise, and a byte whose write was cut is torn.
 * Document: firmware-notes/bench-notes.md, "Emulated".
 */
import {
  ADCMuxInputType,
  AVRADC,
  AVRClock,
  AVREEPROM,
  AVRIOPort,
  AVRTimer,
  AVRUSART,
  AVRWatchdog,
  adcConfig,
  avrInstruction,
  CPU,
  clockConfig,
  type EEPROMBackend,
  portBConfig,
  portCConfig,
  portDConfig,
  timer0Config,
  usart0Config,
  watchdogConfig,
} from 'avr8js';

export const CYCLES_PER_MS = 16_000;
const CLOCK_HZ = 16_000_000;
const SRAM_BYTES = 2_048;
const SLEEP = 0x9588;
/** A sleeping CPU is looked at again this much later, 4 µs; every event of the chip is coarser. */
const DOZE_CYCLES = 64;
const MCUSR = 0x54;
const EECR = 0x3f;
const EEPE = 0x02;
const SUPPLY_VOLTS = 5;
export const CAUSE = { powerOn: 1, external: 2, brownOut: 4, watchdog: 8 } as const;

/** Uniform in [0, 1). */
export type Chance = () => number;

/** The EEPROM's cells, which remember the write that is going on, so that it can be cut. */
class Cells implements EEPROMBackend {
  readonly bytes = new Uint8Array(1_024).fill(0xff);
  /** Writes that changed a cell, for wear. */
  readonly wear = new Uint32Array(1_024);
  #going: { at: number; before: number } | null = null;
  readMemory(at: number): number {
    return this.bytes[at & 0x3ff]!;
  }
  eraseMemory(at: number): void {
    this.#going = { at, before: this.bytes[at]! };
    this.wear[at]! += 1;
    this.bytes[at] = 0xff;
  }
  writeMemory(at: number, value: number): void {
    if (this.#going?.at !== at) this.#going = { at, before: this.bytes[at]! };
    this.bytes[at]! &= value;
  }
  /** Power went within a write: the byte holds what it was, what it should be, nothing, or any bits between. */
  tear(chance: Chance): void {
    if (this.#going === null) return;
    const { at, before } = this.#going;
    const after = this.bytes[at]!;
    const bits = Math.floor(chance() * 256);
    const mixed = (before & bits) | (after & ~bits & 0xff);
    this.bytes[at] = [before, after, 0xff, mixed][Math.floor(chance() * 4)]!;
  }
  settled(): void {
    this.#going = null;
  }
}

type Chip = {
  readonly cpu: CPU;
  readonly usart: AVRUSART;
  readonly b: AVRIOPort;
  readonly c: AVRIOPort;
  readonly d: AVRIOPort;
  restartAsked: boolean;
};

export class AvrMachine {
  readonly cells = new Cells();
  /** Bytes the panel sends. */
  onByte: (byte: number) => void = () => undefined;
  /** Called when the armed lamp (PB5) changes. */
  onArmed: (on: boolean) => void = () => undefined;
  starts = 0;
  supplyVolts = SUPPLY_VOLTS;
  readonly #program: Uint16Array;
  readonly #chance: Chance;
  #chip: Chip | null = null;
  /** Cycles before the present chip got power. */
  #before = 0;
  #closed = 0;
  #contacts: Array<{ readonly at: number; readonly button: number; readonly closed: boolean }> = [];
  #incoming: number[] = [];

  constructor(program: Uint16Array, chance: Chance) {
    this.#program = program;
    this.#chance = chance;
  }

  get cycles(): number {
    return this.#before + (this.#chip?.cpu.cycles ?? 0);
  }
  get nowMs(): number {
    return this.cycles / CYCLES_PER_MS;
  }
  get powered(): boolean {
    return this.#chip !== null;
  }

  powerOn(): void {
    if (this.#chip !== null) return;
    const ram = Uint8Array.from({ length: SRAM_BYTES }, () => Math.floor(this.#chance() * 256));
    this.#start(ram, CAUSE.powerOn);
  }

  /** At once, in the middle of whatever happens. */
  cutPower(): void {
    if (this.#chip === null) return;
    if (this.#chip.cpu.data[EECR]! & EEPE) this.cells.tear(this.#chance);
    this.#before = this.cycles;
    this.#chip = null;
    this.#incoming = [];
    this.onArmed(false);
  }

  /** The RESET pin: RAM stays, everything else starts anew. */
  reset(cause: number = CAUSE.external): void {
    const chip = this.#chip;
    if (chip === null) return;
    this.onArmed(false);
    // A reset does not stop an EEPROM write that is going on.
    const ram = chip.cpu.data.slice(0x100);
    this.#before = this.cycles;
    this.#start(ram, cause);
  }

  /** Bytes from the host; lost while there is no power. */
  receive(bytes: Uint8Array): void {
    if (this.#chip === null) return;
    const idle = this.#incoming.length === 0;
    this.#incoming.push(...bytes);
    if (idle) this.#feed(this.#chip);
  }

  /** One closing and opening of a contact, with bounces of up to `bounceMs` at either end. */
  press(button: number, options: { afterMs?: number; holdMs: number; bounceMs?: number }): void {
    const { afterMs = 0, holdMs, bounceMs = 0 } = options;
    const first = this.cycles + Math.round(afterMs * CYCLES_PER_MS);
    const open = first + Math.round(holdMs * CYCLES_PER_MS);
    this.#bouncing(button, first, true, bounceMs);
    this.#bouncing(button, open, false, bounceMs);
  }

  /** Sets a contact now, for a key that is held. */
  contact(button: number, closed: boolean): void {
    this.#contacts.push({ at: this.cycles, button, closed });
  }

  lamp(index: number): boolean {
    const chip = this.#chip;
    if (chip === null) return false;
    return index < 6 ? chip.c.pinState(index) === 1 : chip.b.pinState(index - 4) === 1;
  }

  /** A byte of data memory, for what no pin shows. */
  peek(address: number): number {
    return this.#chip?.cpu.data[address] ?? 0;
  }
  peek32(address: number): number {
    return [0, 1, 2, 3].reduce((sum, i) => sum + this.peek(address + i) * 2 ** (8 * i), 0);
  }
  /** Changes a byte of data memory: what a cosmic ray or a bug would do. */
  poke(address: number, value: number): void {
    if (this.#chip !== null) this.#chip.cpu.data[address] = value;
  }

  runMs(ms: number): void {
    this.runTo(this.cycles + Math.round(ms * CYCLES_PER_MS));
  }

  runTo(until: number): void {
    while (this.cycles < until) {
      const next = this.#contacts.reduce((least, { at }) => Math.min(least, at), until);
      if (next > this.cycles) this.#runChip(next);
      const due = this.#contacts.filter(({ at }) => at <= this.cycles);
      if (due.length === 0) continue;
      this.#contacts = this.#contacts.filter(({ at }) => at > this.cycles);
      for (const { button, closed } of due.toSorted((a, b) => a.at - b.at)) this.#setContact(button, closed);
    }
  }

  #runChip(until: number): void {
    const chip = this.#chip;
    if (chip === null) {
      this.#before = until;
      return;
    }
    const { cpu } = chip;
    const program = this.#program;
    const instruct = avrInstruction;
    const stop = until - this.#before;
    while (cpu.cycles < stop) {
      const { pc } = cpu;
      if (program[pc] === SLEEP) {
        // Asleep until an interrupt, which comes back behind the instruction.
        cpu.pc = pc + 1;
        cpu.cycles += DOZE_CYCLES;
        cpu.tick();
        if (cpu.pc === pc + 1) cpu.pc = pc;
      } else {
        instruct(cpu);
        cpu.tick();
      }
      if (chip.restartAsked) {
        this.reset(CAUSE.watchdog);
        return;
      }
    }
  }

  #bouncing(button: number, at: number, closed: boolean, bounceMs: number): void {
    this.#contacts.push({ at, button, closed });
    if (bounceMs === 0) return;
    const times = 2 * Math.floor(this.#chance() * 6);
    const marks = Array.from({ length: times }, () => this.#chance() * bounceMs * CYCLES_PER_MS);
    for (const [index, mark] of marks.toSorted((a, b) => a - b).entries())
      this.#contacts.push({ at: at + Math.round(mark), button, closed: index % 2 === 0 ? !closed : closed });
  }

  #setContact(button: number, closed: boolean): void {
    this.#closed = closed ? this.#closed | (1 << button) : this.#closed & ~(1 << button);
    if (this.#chip !== null) setPin(this.#chip, button, !closed);
  }

  #feed(chip: Chip): void {
    const byte = this.#incoming[0];
    // Before the receiver is on, a byte falls on the floor.
    if (byte !== undefined && chip.usart.writeByte(byte) === false && !chip.usart.rxBusy) this.#incoming = [];
  }

  #start(ram: Uint8Array, cause: number): void {
    this.starts += 1;
    this.#incoming = [];
    const cpu = new CPU(this.#program, SRAM_BYTES);
    cpu.data.set(ram, 0x100);
    const clock = new AVRClock(cpu, CLOCK_HZ, clockConfig);
    new AVRTimer(cpu, timer0Config);
    const watchdog = new AVRWatchdog(cpu, watchdogConfig, clock);
    new AVREEPROM(cpu, this.cells);
    const adc = new AVRADC(cpu, adcConfig);
    adc.avcc = this.supplyVolts;
    // The reference against the supply, with the noise of its last bits.
    adc.onADCRead = ({ type }) => {
      const volts = type === ADCMuxInputType.Constant ? 1.1 : 0;
      const noise = Math.floor(this.#chance() * 3) - 1;
      adc.completeADCRead(Math.round((volts * 1024) / this.supplyVolts) + noise);
    };
    const chip: Chip = {
      cpu,
      usart: new AVRUSART(cpu, usart0Config, CLOCK_HZ),
      b: new AVRIOPort(cpu, portBConfig),
      c: new AVRIOPort(cpu, portCConfig),
      d: new AVRIOPort(cpu, portDConfig),
      restartAsked: false,
    };
    // The emulator's own reset keeps the registers of the peripherals; the chip's does not.
    cpu.reset = () => {
      chip.restartAsked = true;
    };
    cpu.data[MCUSR] = cause;
    chip.usart.onByteTransmit = (byte) => this.onByte(byte);
    chip.usart.onRxComplete = () => {
      this.#incoming.shift();
      cpu.addClockEvent(() => this.#feed(chip), 1);
    };
    for (let button = 0; button < 8; button += 1) setPin(chip, button, (this.#closed & (1 << button)) === 0);
    chip.b.addListener((value, old) => {
      if ((value ^ old) & 0x20) this.onArmed((value & 0x20) !== 0);
    });
    this.#chip = chip;
    this.cells.settled();
    void watchdog;
  }
}

function setPin({ b, d }: Chip, button: number, high: boolean): void {
  if (button < 6) d.setPin(button + 2, high);
  else b.setPin(button - 6, high);
}
