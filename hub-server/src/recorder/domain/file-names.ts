/** Names of the media files of one folder, to be asked for: a folder of a month holds 650,000, and a numbered one takes a bit. Pure. */

/** Higher numbers are kept as names: nobody makes a folder large by one file. */
const NUMBER_MAX = 10_000_000;
const GROW_BYTES = 8_192;

/** Null: not of the form that a recorder writes, `NNNNNN.mp4`. */
function numberOf(name: string): number | null {
  const digits = /^(\d{6,7})\.mp4$/.exec(name)?.[1];
  const number = Number(digits);
  return digits !== undefined && number < NUMBER_MAX && String(number).padStart(6, '0') === digits
    ? number
    : null;
}

export class FileNames {
  #bits = new Uint8Array(0);
  readonly #others = new Set<string>();

  add(name: string): void {
    const number = numberOf(name);
    if (number === null) {
      this.#others.add(name);
      return;
    }
    const byte = number >> 3;
    if (byte >= this.#bits.length) {
      const grown = new Uint8Array(Math.max(byte + GROW_BYTES, this.#bits.length * 2));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    this.#bits[byte] = (this.#bits[byte] ?? 0) | (1 << (number & 7));
  }

  has(name: string): boolean {
    const number = numberOf(name);
    if (number === null) return this.#others.has(name);
    return ((this.#bits[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }
}
