/**
 * Purpose: the photo of the officer on show lies on this machine, and no other does.
 * Refuses: bytes that do not have the hash asked for; they are not kept and not shown.
 */
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import type { BlobFiles, FetchBlob, Reporter, Timers } from './ports.ts';

const RETRY_MS = 30_000;

export class PhotoKeeper {
  readonly #blobs: BlobFiles;
  readonly #fetch: FetchBlob;
  readonly #timers: Timers;
  readonly #report: Reporter;
  /** Called when a photo has come and can be shown. */
  readonly #arrived: () => void;
  #wanted: Sha256Hex | null | undefined;
  #token: string | null = null;
  #fetching = false;
  #cancelRetry: () => void = () => {};

  constructor(blobs: BlobFiles, fetch: FetchBlob, timers: Timers, report: Reporter, arrived: () => void) {
    this.#blobs = blobs;
    this.#fetch = fetch;
    this.#timers = timers;
    this.#report = report;
    this.#arrived = arrived;
  }

  want(sha256: Sha256Hex | null): void {
    if (sha256 === this.#wanted) return;
    this.#wanted = sha256;
    this.#blobs.keepOnly(new Set(sha256 === null ? [] : [sha256]));
    void this.#get();
  }

  online(token: string | null): void {
    this.#token = token;
    void this.#get();
  }

  stop(): void {
    this.#cancelRetry();
  }

  async #get(): Promise<void> {
    const sha256 = this.#wanted;
    if (!sha256 || !this.#token || this.#fetching || this.#blobs.has(sha256)) return;
    this.#cancelRetry();
    this.#fetching = true;
    try {
      const bytes = await this.#fetch(sha256, this.#token);
      if (bytes && sha256 === this.#wanted) this.#blobs.write(sha256, bytes);
    } catch {
      this.#report.say('Không lưu được ảnh cán bộ.', 'The officer’s photo could not be kept.');
    } finally {
      this.#fetching = false;
    }
    if (this.#blobs.has(sha256)) this.#arrived();
    if (this.#wanted && !this.#blobs.has(this.#wanted))
      this.#cancelRetry = this.#timers.after(sha256 === this.#wanted ? RETRY_MS : 0, () => void this.#get());
  }
}
