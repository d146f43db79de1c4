/**
 * Purpose: Electron's fuses: bits in its binary that no environment and no argument can turn back. Reads and sets them in
 *   the binary's bytes (https://www.electronjs.org/docs/latest/tutorial/fuses): a sentinel, version, count, one byte each.
 * Refuses: a binary without the sentinel, of another fuse version, or with two of them (a universal one: split it first).
 * Document: kiosk-app/LOCK.md, "Fuses".
 */
const SENTINEL = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');
const VERSION = 1;
const [OFF, ON] = [0x30, 0x31];
/** A fuse that this Electron does not have any more. */
const REMOVED = 0x72;

/** In the wire's order. */
export const FUSES = {
  /** ELECTRON_RUN_AS_NODE makes a Node of it. */
  runAsNode: false,
  cookieEncryption: false,
  /** NODE_OPTIONS loads code. */
  nodeOptions: false,
  /** --inspect opens a port. */
  nodeInspect: false,
  asarIntegrity: true,
  /** A folder beside the archive is not taken for the program. */
  onlyAsar: true,
  browserSnapshot: false,
  /** file: pages may read files. */
  fileProtocol: false,
} as const;

export type FuseName = keyof typeof FUSES;
const names = Object.keys(FUSES) as FuseName[];

/** Where the first fuse's byte lies, and how many there are. */
function wireOf(binary: Buffer): { readonly at: number; readonly count: number } {
  const found = binary.indexOf(SENTINEL);
  if (found < 0) throw new Error('no fuses: not an Electron binary');
  if (binary.indexOf(SENTINEL, found + 1) >= 0) throw new Error('two sets of fuses: a universal binary');
  const at = found + SENTINEL.length;
  if (binary[at] !== VERSION) throw new Error(`fuse version ${binary[at]}, not ${VERSION}`);
  return { at: at + 2, count: binary[at + 1] ?? 0 };
}

/** True: on, false: off, null: this Electron has no such fuse. */
export function readFuses(binary: Buffer): Readonly<Record<FuseName, boolean | null>> {
  const { at, count } = wireOf(binary);
  const stateOf = (index: number): boolean | null => {
    const byte = index < count ? binary[at + index] : REMOVED;
    return byte === ON ? true : byte === OFF ? false : null;
  };
  return Object.fromEntries(names.map((name, index) => [name, stateOf(index)])) as Record<
    FuseName,
    boolean | null
  >;
}

/** Sets them in the bytes as `FUSES` has them; the answer names those that this Electron lacks. */
export function flipFuses(binary: Buffer): readonly FuseName[] {
  const { at } = wireOf(binary);
  const held = readFuses(binary);
  for (const [index, name] of names.entries())
    if (held[name] !== null) binary[at + index] = FUSES[name] ? ON : OFF;
  return names.filter((name) => held[name] === null);
}
