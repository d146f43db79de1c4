/** Hints after commit: to dashboards and stations of this process. A hint may be lost; who hears one asks again. */
import type { CounterId } from '@hailong/shared/ids.ts';
import type { LiveHint } from '@hailong/shared/protocol/live.ts';

export class LiveBus {
  readonly #hints = new Set<(hint: LiveHint) => void>();
  readonly #counters = new Set<(counterId: CounterId) => void>();

  hint(hint: LiveHint): void {
    for (const listen of this.#hints) listen(hint);
  }
  /** Whatever a station of this counter shows may have changed. */
  counter(counterId: string): void {
    for (const listen of this.#counters) listen(counterId as CounterId);
  }
  onHint(listen: (hint: LiveHint) => void): () => void {
    this.#hints.add(listen);
    return () => this.#hints.delete(listen);
  }
  onCounter(listen: (counterId: CounterId) => void): () => void {
    this.#counters.add(listen);
    return () => this.#counters.delete(listen);
  }
}
