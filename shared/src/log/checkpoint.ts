/**
 * A log's state as a signed text that people and programs can keep: C2SP tlog-checkpoint (origin, size, root, extension
 * lines) in a C2SP signed note with Ed25519. The key's name in the note is the origin itself.
 * Refuses: control characters, sizes with leading zeros, anything past the bounds; reading never throws.
 * See shared/PROTOCOL.md, "Log".
 */
import { fromHex, type Sha256, toHex } from '../edge/event.ts';
import type { Sha256Hex } from '../ids.ts';
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from './base64.ts';

/** As `checkpoint.text` on the wire. */
export const NOTE_CHARS_MAX = 2_000;
const EXTENSIONS_MAX = 10;
const SIGNATURES_MAX = 16;
/** C2SP signed note: the type byte of an Ed25519 signature. */
const ED25519 = 1;
const SIGNATURE_BYTES = 64;
const KEY_ID_BYTES = 4;

/** Whether `sig` (base64url) is the key's (raw Ed25519, base64url) over `bytes`. */
export type VerifySignature = (publicKey: string, bytes: Uint8Array, sig: string) => boolean;

export interface LogHead {
  readonly origin: string;
  readonly size: number;
  readonly root: Sha256Hex;
}
export interface CheckpointBody extends LogHead {
  /** Lines after the root, in order; a reader ignores those it does not know. */
  readonly extensions: readonly string[];
}

const utf8 = new TextEncoder();
const ORIGIN = /^[\x21-\x2a\x2c-\x7e]{1,200}$/;
const SIZE = /^(0|[1-9]\d{0,15})$/;
const EXTENSION = /^[\x20-\x7e\u00a0-\ud7ff\ue000-\uffff]{1,200}$/;
const SIGNATURE_LINE = /^\u2014 (\S{1,200}) (\S{1,200})$/;

/** `hub`: the hub's device id. One origin a log; another lineage is another log. */
export const logOrigin = (hub: string, lineage: string): string => `hailong/${hub.slice(0, 16)}/${lineage}`;

/** The text that is signed: everything up to the empty line. */
export function formatBody({ origin, size, root, extensions }: CheckpointBody): string {
  return `${[origin, size, toBase64(fromHex(root)), ...extensions].join('\n')}\n`;
}

function readBody(text: string): CheckpointBody | null {
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n');
  if (origin === undefined || !ORIGIN.test(origin)) return null;
  if (size === undefined || !SIZE.test(size) || !Number.isSafeInteger(Number(size))) return null;
  const hash = root === undefined ? null : fromBase64(root);
  if (hash?.length !== 32) return null;
  if (extensions.length > EXTENSIONS_MAX || !extensions.every((line) => EXTENSION.test(line))) return null;
  return { origin, size: Number(size), root: toHex(hash), extensions };
}

/** C2SP: first four bytes of SHA-256(name ‖ 0A ‖ 01 ‖ key): tells which key a signature line is for. */
export function keyId(sha256: Sha256, name: string, publicKey: Uint8Array): Uint8Array {
  return sha256(utf8.encode(`${name}\n`), Uint8Array.of(ED25519), publicKey).slice(0, KEY_ID_BYTES);
}

/** The whole note. `sign` answers base64url. */
export function signCheckpoint(
  body: CheckpointBody,
  key: { readonly publicKey: string; sign(bytes: Uint8Array): string },
  sha256: Sha256,
): string {
  const text = formatBody(body);
  const publicKey = fromBase64Url(key.publicKey);
  const sig = fromBase64Url(key.sign(utf8.encode(text)));
  if (publicKey?.length !== 32 || sig?.length !== SIGNATURE_BYTES || readBody(text) === null)
    throw new RangeError('key, signature or checkpoint of a wrong form');
  const line = new Uint8Array(KEY_ID_BYTES + SIGNATURE_BYTES);
  line.set(keyId(sha256, body.origin, publicKey));
  line.set(sig, KEY_ID_BYTES);
  const note = `${text}\n\u2014 ${body.origin} ${toBase64(line)}\n`;
  if (note.length > NOTE_CHARS_MAX) throw new RangeError('checkpoint too long');
  return note;
}

export type ReadCheckpoint =
  | { readonly ok: true; readonly body: CheckpointBody; readonly signatures: readonly NoteSignature[] }
  | { readonly ok: false };
export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly sig: Uint8Array;
}

/** The form alone; nothing is verified. */
export function readCheckpoint(note: string): ReadCheckpoint {
  const bad: ReadCheckpoint = { ok: false };
  if (note.length > NOTE_CHARS_MAX || !note.endsWith('\n')) return bad;
  const split = note.indexOf('\n\n');
  if (split < 0) return bad;
  const body = readBody(note.slice(0, split + 1));
  const lines = note.slice(split + 2, -1).split('\n');
  if (!body || lines.length > SIGNATURES_MAX) return bad;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const [, name, text] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = text === undefined ? null : fromBase64(text);
    if (name === undefined || !bytes || bytes.length <= KEY_ID_BYTES) return bad;
    signatures.push({ name, keyId: bytes.slice(0, KEY_ID_BYTES), sig: bytes.slice(KEY_ID_BYTES) });
  }
  return { ok: true, body, signatures };
}

/**
 * The checkpoint, when the note holds a good signature by `publicKey` (base64url) under the origin's name. Lines of
 * other keys are passed over, as C2SP asks; a bad line of ours spoils the note.
 */
export function openCheckpoint(
  note: string,
  publicKey: string,
  verify: VerifySignature,
  sha256: Sha256,
): CheckpointBody | null {
  const read = readCheckpoint(note);
  const key = fromBase64Url(publicKey);
  if (!read.ok || key?.length !== 32) return null;
  const id = toHex(keyId(sha256, read.body.origin, key));
  const ours = read.signatures.filter((each) => each.name === read.body.origin && toHex(each.keyId) === id);
  const signed = utf8.encode(note.slice(0, note.indexOf('\n\n') + 1));
  const good = (each: NoteSignature): boolean =>
    each.sig.length === SIGNATURE_BYTES && verify(publicKey, signed, toBase64Url(each.sig));
  return ours.length > 0 && ours.every(good) ? read.body : null;
}

/** `name value` among the extension lines. */
export function extensionOf(body: CheckpointBody, name: string): string | null {
  const line = body.extensions.find((each) => each.startsWith(`${name} `));
  return line?.slice(name.length + 1) ?? null;
}

/**
 * For comparing two checkpoints by eye or telephone: 30 digits (99 bits) of origin, size and root. Whoever can make
 * checkpoints may look for two with equal digits, so it is not shortened further.
 */
export function fingerprint(sha256: Sha256, { origin, size, root }: LogHead): string {
  const hash = sha256(utf8.encode(`hailong-fingerprint-v1\n${origin}\n${size}\n${root}\n`));
  const digits = (BigInt(`0x${toHex(hash)}`) % 10n ** 30n).toString().padStart(30, '0');
  return digits.match(/\d{5}/g)!.join(' ');
}
