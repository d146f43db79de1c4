/**
 * Purpose: turns a stream of bytes into frames; in step again at the next 00 after any loss, noise or cable pull.
 * Refuses: frames of the other direction (one's own echo on a bus) or of another address; keeps 39 bytes at most,
 *          and reports everything it throws away.
 * Document: firmware-notes/panel-protocol.md, "Frames".
 */
import { type Direction, decodeFrame, type Frame, type FrameRefusal, MAX_ENCODED_BYTES } from './frame.ts';

export type ParserDiscard = {
  readonly kind: 'discard';
  readonly reason: FrameRefusal | 'overlong' | 'direction' | 'address';
  /** Bytes dropped, delimiters not counted. */
  readonly bytes: number;
};
export type ParserOutput = { readonly kind: 'frame'; readonly frame: Frame } | ParserDiscard;

/** A line that never sends a delimiter is reported again after this many bytes, so that noise is not silent. */
const OVERLONG_REPORT_BYTES = 1024;

export class FrameParser {
  readonly #accept: Direction;
  readonly #address: number;
  readonly #buffer = new Uint8Array(MAX_ENCODED_BYTES);
  #length = 0;
  #overlongBytes = 0;

  constructor(accept: Direction, address = 0) {
    this.#accept = accept;
    this.#address = address;
  }

  /** Forgets a half-read frame; for a new connection. */
  reset(): void {
    this.#length = 0;
    this.#overlongBytes = 0;
  }

  push(chunk: Uint8Array): ParserOutput[] {
    const outputs: ParserOutput[] = [];
    for (const byte of chunk) {
      if (byte === 0) this.#finish(outputs);
      else if (this.#overlongBytes > 0) this.#dropOverlong(outputs);
      else if (this.#length === MAX_ENCODED_BYTES) {
        this.#overlongBytes = this.#length + 1;
        this.#length = 0;
      } else {
        this.#buffer[this.#length] = byte;
        this.#length += 1;
      }
    }
    return outputs;
  }

  #dropOverlong(outputs: ParserOutput[]): void {
    this.#overlongBytes += 1;
    if (this.#overlongBytes <= OVERLONG_REPORT_BYTES) return;
    outputs.push({ kind: 'discard', reason: 'overlong', bytes: OVERLONG_REPORT_BYTES });
    this.#overlongBytes = 1;
  }

  #finish(outputs: ParserOutput[]): void {
    const bytes = this.#length;
    if (this.#overlongBytes > 0) {
      outputs.push({ kind: 'discard', reason: 'overlong', bytes: this.#overlongBytes });
    } else if (bytes > 0) {
      const decoding = decodeFrame(this.#buffer.subarray(0, bytes));
      if (!decoding.ok) outputs.push({ kind: 'discard', reason: decoding.reason, bytes });
      else if (decoding.frame.direction !== this.#accept)
        outputs.push({ kind: 'discard', reason: 'direction', bytes });
      else if (decoding.frame.address !== this.#address && decoding.frame.address !== 0xff)
        outputs.push({ kind: 'discard', reason: 'address', bytes });
      else outputs.push({ kind: 'frame', frame: decoding.frame });
    }
    this.reset();
  }
}
