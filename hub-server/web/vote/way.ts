/**
 * What leads this phone to a rating: the ticket behind `#`, made again into the very text that the kiosk signed, or a typed
 * code. And what the phone keeps: one random token, made when somebody first says yes, never when a page is only opened, so
 * that whoever looks at links by machine binds nothing.
 * Refuses: an address that is cut or changed. See shared/PROTOCOL.md, "Private route".
 */
import { fromBase64Url, toBase64Url } from '@hailong/shared/log/base64.ts';
import { ticketText, unpackTicket } from '@hailong/shared/protocol/ticket-pack.ts';

export type Way =
  | { readonly ticket: { readonly bytes: string; readonly sig: string } }
  | { readonly code: string };

/** A packed ticket is 144 bytes at least; what is shorter was typed. */
const PACKED_SIGNS_MIN = 100;
const CODE_SIGNS_MIN = 6;
const TOKEN_KEY = 'hailong.phone';

export const isCode = (text: string): boolean => text.replace(/[^0-9A-Za-z]/g, '').length >= CODE_SIGNS_MIN;

/** null: nothing stands behind `#`; 'damaged': something that leads nowhere. */
export function wayOf(hash: string): Way | 'damaged' | null {
  const text = hash.replace(/^#/, '');
  if (text === '') return null;
  if (text.length < PACKED_SIGNS_MIN) return isCode(text) ? { code: text } : 'damaged';
  const packed = fromBase64Url(text);
  const said = packed && unpackTicket(packed);
  if (!said) return 'damaged';
  const bytes = new TextEncoder().encode(ticketText(said.ticket));
  return { ticket: { bytes: toBase64Url(bytes), sig: toBase64Url(said.sig) } };
}

let inMemory: string | null = null;

export function heldToken(): string | null {
  try {
    return localStorage.getItem(TOKEN_KEY) ?? inMemory;
  } catch {
    return inMemory;
  }
}

export function makeToken(): string {
  const held = heldToken();
  if (held !== null) return held;
  inMemory = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  try {
    localStorage.setItem(TOKEN_KEY, inMemory);
  } catch {
    // A browser that keeps nothing votes as well; it cannot look at its receipt tomorrow.
  }
  return inMemory;
}

/** `crypto.randomUUID` is missing where the page came without TLS. */
export function newVoteId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
