/**
 * Purpose: a stream of bytes of a line-ASCII box into messages: each byte one, or what stands before a terminator.
 * Refuses: messages over 64 bytes (dropped to the next terminator, reported), and the tail of a message whose beginning
 *          was before the port opened.
 * Document: firmware-notes/families.md, "line-ascii".
 */
import { trimmed } from '@hailong/shared/model/panel-config.ts';

export const MAX_MESSAGE_BYTES = 64;
/** A terminator that never comes is reported again after this many bytes, so that noise is not silent. */
const OVERLONG_REPORT_BYTES = 1_024;
/** A message whose first byte comes this soon after opening may be the tail of one. */
export const QUIET_AFTER_OPEN_MS = 50;

export type LineMessage =
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  | { readonly kind: 'discard'; readonly reason: 'overlong' | 'unexpected'; readonly bytes: number };

export class LineParser {
  readonly #terminator: Uint8Array | null;
  readonly #buffer = new Uint8Array(MAX_MESSAGE_BYTES + 8);
  #length = 0;
  #dropped = 0;
  /** Until the first byte; null: it has come. */
  #openedMs: number | null = null;
  /** Dropping until the next terminator: an overlong message, or a tail. */
  #dropping: 'overlong' | 'unexpected' | null = null;

  /** `terminator` null: each byte is a message. */
  constructor(terminator: Uint8Array | null) {
    this.#terminator = terminator;
  }

  /** For a new connection. */
  reset(nowMs: number): void {
    this.#length = 0;
    this.#dropped = 0;
    this.#dropping = null;
    this.#openedMs = nowMs;
  }

  push(chunk: Uint8Array, nowMs: number): LineMessage[] {
    if (this.#terminator === null)
      return Array.from(chunk, (byte) => ({ kind: 'message', bytes: Uint8Array.of(byte) }) as const);
    const messages: LineMessage[] = [];
    if (this.#openedMs !== null && chunk.length > 0) {
      if (nowMs - this.#openedMs < QUIET_AFTER_OPEN_MS) this.#dropping = 'unexpected';
      this.#openedMs = null;
    }
    for (const byte of chunk) this.#take(byte, this.#terminator, messages);
    return messages;
  }

  #take(byte: number, terminator: Uint8Array, messages: LineMessage[]): void {
    if (this.#length === this.#buffer.length) {
      // Keep what could be the beginning of a terminator.
      const kept = terminator.length - 1;
      this.#buffer.copyWithin(0, this.#length - kept, this.#length);
      this.#dropped += this.#length - kept;
      this.#length = kept;
      this.#dropping ??= 'overlong';
      if (this.#dropped >= OVERLONG_REPORT_BYTES) {
        messages.push({ kind: 'discard', reason: this.#dropping, bytes: this.#dropped });
        this.#dropped = 0;
      }
    }
    this.#buffer[this.#length] = byte;
    this.#length += 1;
    if (!this.#endsWith(terminator)) return;
    const bytes = this.#length - terminator.length;
    if (this.#dropping === null && bytes > MAX_MESSAGE_BYTES) this.#dropping = 'overlong';
    if (this.#dropping !== null) {
      if (this.#dropped + bytes > 0)
        messages.push({ kind: 'discard', reason: this.#dropping, bytes: this.#dropped + bytes });
    } else {
      const text = trimmed(this.#buffer.subarray(0, bytes));
      if (text.length > 0) messages.push({ kind: 'message', bytes: Uint8Array.from(text) });
    }
    this.#length = 0;
    this.#dropped = 0;
    this.#dropping = null;
  }

  #endsWith(terminator: Uint8Array): boolean {
    const from = this.#length - terminator.length;
    if (from < 0) return false;
    for (let at = 0; at < terminator.length; at += 1)
      if (this.#buffer[from + at] !== terminator[at]) return false;
    return true;
  }
}
