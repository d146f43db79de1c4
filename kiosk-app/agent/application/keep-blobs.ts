/**
 * Purpose: what the screen needs by content hash lies on this machine, and nothing else does: the photo of the officer on
 *   show, those of everybody who may log in here, the office's recordings.
 * Refuses: bytes that do not have the hash asked for; they are not kept, shown or played. To delete before it knows what
 *   is wanted for every reason.
 */
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import type { BlobFiles, FetchBlob, Reporter, Timers } from './ports.ts';

const RETRY_MS = 30_000;

/** What for: the photo on show is fetched first, recordings last. */
type Wanted = 'shown' | 'roster' | 'voices';

export class BlobKeeper {
  readonly #blobs: BlobFiles;
  readonly #fetch: FetchBlob;
  readonly #timers: Timers;
  readonly #report: Reporter;
  /** Called when one has come and can be shown. */
  readonly #arrived: () => void;
  readonly #wanted: Record<Wanted, readonly Sha256Hex[] | null> = {
    shown: null,
    roster: null,
    voices: null,
  };
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

  /** Replaces what was wanted for the same reason; what is wanted for none is deleted. */
  want(reason: Wanted, hashes: readonly Sha256Hex[]): void {
    const before = this.#wanted[reason];
    if (before?.length === hashes.length && hashes.every((one) => before.includes(one))) return;
    this.#wanted[reason] = hashes;
    if (Object.values(this.#wanted).every((each) => each !== null))
      this.#blobs.keepOnly(new Set(this.#all()));
    void this.#get();
  }

  online(token: string | null): void {
    this.#token = token;
    void this.#get();
  }

  stop(): void {
    this.#cancelRetry();
  }

  #all(): readonly Sha256Hex[] {
    const { shown, roster, voices } = this.#wanted;
    return [...(shown ?? []), ...(roster ?? []), ...(voices ?? [])];
  }

  /** Each missing one once; what did not come is tried again later. */
  async #get(): Promise<void> {
    if (this.#fetching) return;
    this.#cancelRetry();
    this.#fetching = true;
    const tried = new Set<Sha256Hex>();
    const missing = () => this.#all().find((one) => !tried.has(one) && !this.#blobs.has(one));
    try {
      for (let next = missing(); next && this.#token; next = missing()) {
        tried.add(next);
        const bytes = await this.#fetch(next, this.#token);
        if (!bytes || !this.#all().includes(next)) continue;
        this.#blobs.write(next, bytes);
        this.#arrived();
      }
    } catch {
      this.#report.say('Không lưu được ảnh hoặc bản ghi âm.', 'A photo or recording could not be kept.');
    } finally {
      this.#fetching = false;
    }
    if (this.#token && this.#all().some((one) => !this.#blobs.has(one)))
      this.#cancelRetry = this.#timers.after(RETRY_MS, () => void this.#get());
  }
}
