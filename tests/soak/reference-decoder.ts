/*
 * Purpose: CPP/1 decoding a second time, from the document and not from parser.ts: whole frames between zeros, COBS by
 *   splitting, CRC by table. It says which BUTTON frames a stream really held.
 * Refuses: nothing else; it keeps the last thousand.
 */

const KEPT = 1_000;
const ENCODED_MAX = 39;
const BUTTON = 0x82;
const BUTTON_PAYLOAD = 18;

const TABLE = Array.from({ length: 256 }, (_, index) => {
  let value = index << 8;
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x8000 ? (value << 1) ^ 0x1021 : value << 1;
  return value & 0xffff;
});

function residue(bytes: readonly number[]): number {
  return bytes.reduce((crc, byte) => ((crc << 8) & 0xffff) ^ TABLE[(crc >> 8) ^ byte]!, 0xffff);
}

/** Groups of a length and that many bytes less one, joined by zeros; undefined when they do not come out even. */
function unstuff(bytes: readonly number[]): number[] | undefined {
  const groups: number[][] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const [length = 0, ...behind] = rest;
    if (length === 0 || behind.length < length - 1) return undefined;
    groups.push(behind.slice(0, length - 1));
    rest = behind.slice(length - 1);
  }
  return groups.flatMap((group, index) => (index === 0 ? group : [0, ...group]));
}

const little = (bytes: readonly number[]) =>
  bytes.reduce((sum, byte, index) => sum + byte * 2 ** (8 * index), 0);

export class ReferenceDecoder {
  /** Frames that pass every check. */
  frames = 0;
  /** Of them, those that nobody sent whole: damage that the CRC did not see. */
  strangers = 0;
  /** Whether a frame was sent as it is; asked for each that passes. */
  wasSent: (encoded: string) => boolean = () => true;
  #open: number[] = [];
  readonly #buttons = new Set<string>();

  reset(): void {
    this.#open = [];
  }

  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte !== 0) {
        if (this.#open.length <= ENCODED_MAX) this.#open.push(byte);
        continue;
      }
      if (this.#open.length > 0 && this.#open.length <= ENCODED_MAX) this.#frame(this.#open);
      this.#open = [];
    }
  }

  /** A press by its key: boot, seq, ticket, button, uptime. */
  saw(key: string): boolean {
    return this.#buttons.has(key);
  }

  #frame(encoded: readonly number[]): void {
    const frame = unstuff(encoded);
    if (frame === undefined || frame.length < 6 || residue(frame) !== 0) return;
    const [flags = 0, address, type] = frame;
    if (flags >> 4 !== 1 || (flags & 8) === 0 || (address !== 0 && address !== 0xff)) return;
    this.frames += 1;
    if (!this.wasSent(encoded.join())) this.strangers += 1;
    const payload = frame.slice(4, -2);
    if (type !== BUTTON || payload.length < BUTTON_PAYLOAD) return;
    const [boot, seq, button, uptimeMs, ticket] = [
      payload.slice(0, 4),
      payload.slice(4, 6),
      payload.slice(6, 7),
      payload.slice(8, 12),
      payload.slice(14, 18),
    ].map(little);
    if (this.#buttons.size >= KEPT) this.#buttons.delete(this.#buttons.values().next().value ?? '');
    this.#buttons.add([boot, seq, ticket, button, uptimeMs].join());
  }
}
