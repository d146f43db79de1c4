/*
 * Purpose: the only randomness of a history: a small generator (sfc32) started from one seed, so that the same seed gives
 * the same history on any machine. A part of the world that must not shift when another part draws more has a fork of
 * its own. Refuses: nothing. Not for secrets.
 */
const HEX = Array.from({ length: 65_536 }, (_none, value) => value.toString(16).padStart(4, '0'));
/** Eight digits of its low 32 bits; `toString(16)` divides digit by digit. */
export const hex32 = (value: number): string => HEX[value >>> 16]! + HEX[value & 0xffff]!;

export class Prng {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #uuids = 0;
  readonly #stream: string;

  constructor(seed: number, stream = 0) {
    this.#stream = stream.toString(16).padStart(4, '0');
    this.#a = seed >>> 0;
    this.#b = Math.floor(seed / 0x1_0000_0000) >>> 0;
    this.#c = (stream ^ 0x9e3779b9) >>> 0;
    for (let i = 0; i < 15; i += 1) this.u32();
  }

  u32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  fork(stream: number): Prng {
    return new Prng(this.u32() * 0x1000 + (this.u32() & 0xfff), stream);
  }

  /** In [0, 1). */
  next(): number {
    return this.u32() / 0x1_0000_0000;
  }
  chance(probability: number): boolean {
    return this.next() < probability;
  }
  /** An integer in [low, high]. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }
  pick<T>(values: readonly T[]): T {
    return values[this.int(0, values.length - 1)]!;
  }
  /** One of the names, as often as its weight says. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
    const names = Object.keys(weights) as T[];
    let left = this.next() * names.reduce((sum, name) => sum + weights[name], 0);
    for (const name of names) {
      left -= weights[name];
      if (left < 0) return name;
    }
    return names.at(-1)!;
  }
  hex(bytes: number): string {
    let out = '';
    while (out.length < bytes * 2) out += hex32(this.u32());
    return out.slice(0, bytes * 2);
  }
  /** A UUIDv7-shaped name; the time in it means nothing here. Those of two streams of one history never meet. */
  uuid(): string {
    this.#uuids += 1;
    return `${hex32(this.u32() | 0x1000_0000)}-${this.#stream}-7000-8000-1000${hex32(this.#uuids)}`;
  }
}
