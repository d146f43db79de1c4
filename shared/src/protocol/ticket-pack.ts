/**
 * The kiosk's vote ticket in the few bytes that a QR code has room for, and back to the exact text that was signed: the
 * phone's page makes of `/v#…` the `{bytes, sig}` that the hub takes. One text per ticket, one packing per text.
 * Refuses: bytes of another form, length or version. See shared/PROTOCOL.md, "Private route".
 */
import type { InstrumentRef } from '../model/instrument.ts';
import type { Stage } from '../model/transaction.ts';
import type { VoteTicket } from './private.ts';

/** First byte: the form of what follows. */
const FORM = 1;
/** By their number on the code, from 1: a further one comes behind. */
const STAGES: readonly Stage[] = ['reception', 'supplement', 'return', 'refusal', 'advice'];
const [UUID_BYTES, SIG_BYTES] = [16, 64];
const FIXED_BYTES = 1 + 32 + 2 * UUID_BYTES + 6 + 4 + 1 + 1;

export interface PackedTicket {
  readonly ticket: VoteTicket;
  /** Ed25519, 64 bytes. */
  readonly sig: Uint8Array;
}

/** What is signed: these keys in this order, without white space. */
export function ticketText({
  v,
  device,
  rating,
  transaction,
  issuedAt,
  validMs,
  ...more
}: VoteTicket): string {
  return JSON.stringify({
    ...{ v, device, rating, transaction, issuedAt, validMs },
    ...(more.stage === undefined ? {} : { stage: more.stage }),
    ...(more.instrument === undefined
      ? {}
      : { instrument: { id: more.instrument.id, version: more.instrument.version } }),
  });
}

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
const uuidOf = (bytes: Uint8Array): string =>
  hexOf(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** Most significant first; 6 bytes reach past every date this product knows. */
function number(value: number, length: number): Uint8Array {
  const out = new Uint8Array(length);
  for (let i = length - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) out[i] = rest % 256;
  return out;
}
const numberOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

/** A UUID in capitals would not come back as it was signed: null, as for a version past 32 bits. */
export function packTicket({ ticket, sig }: PackedTicket): Uint8Array | null {
  const { device, rating, transaction, issuedAt, validMs, instrument } = ticket;
  const id = instrument ? new TextEncoder().encode(instrument.id) : null;
  const parts = [
    ...[Uint8Array.of(FORM), bytesOf(device)],
    ...[rating, transaction].map((each) => bytesOf(each.replaceAll('-', ''))),
    ...[number(issuedAt, 6), number(validMs, 4)],
    // 0: not said.
    Uint8Array.of(ticket.stage === undefined ? 0 : STAGES.indexOf(ticket.stage) + 1),
    Uint8Array.of(id ? id.length : 0),
    ...(id && instrument ? [id, number(instrument.version, 4)] : []),
    sig,
  ];
  const packed = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    packed.set(part, at);
    at += part.length;
  }
  const back = unpackTicket(packed);
  return back && ticketText(back.ticket) === ticketText(ticket) ? packed : null;
}

export function unpackTicket(packed: Uint8Array): PackedTicket | null {
  const idLength = packed[FIXED_BYTES - 1] ?? 0;
  const named = idLength === 0 ? 0 : idLength + 4;
  if (packed[0] !== FORM || packed.length !== FIXED_BYTES + named + SIG_BYTES) return null;
  let at = 1;
  const take = (length: number): Uint8Array => {
    at += length;
    return packed.subarray(at - length, at);
  };
  const device = hexOf(take(32));
  const [rating, transaction] = [uuidOf(take(UUID_BYTES)), uuidOf(take(UUID_BYTES))];
  const [issuedAt, validMs] = [numberOf(take(6)), numberOf(take(4))];
  const [stageByte] = take(2);
  const instrument = idLength === 0 ? null : instrumentOf(take(idLength), numberOf(take(4)));
  const said = stageByte === 0 ? null : (STAGES[(stageByte ?? 0) - 1] ?? 'unknown');
  if (said === 'unknown' || (idLength > 0 && instrument === null)) return null;
  const ticket = {
    ...{ v: 'hailong-vote-v1', device, rating, transaction, issuedAt, validMs },
    ...(said === null ? {} : { stage: said }),
    ...(instrument === null ? {} : { instrument }),
  } as VoteTicket;
  return { ticket, sig: take(SIG_BYTES) };
}

function instrumentOf(id: Uint8Array, version: number): InstrumentRef | null {
  try {
    return { id: new TextDecoder('utf-8', { fatal: true }).decode(id), version };
  } catch {
    return null;
  }
}
