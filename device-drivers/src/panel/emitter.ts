/**
 * Purpose: typed events for the driver, synchronous, so that a listener can commit and acknowledge in one go.
 * Refuses: to let a failing listener stop the link: its error surfaces as an uncaught one after the link has gone on.
 * Document: firmware-notes/panel-protocol.md, "The driver".
 */
export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<(value: never) => void>>();

  on<K extends keyof Events>(event: K, listen: (value: Events[K]) => void): () => void {
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set);
    set.add(listen);
    return () => set.delete(listen);
  }

  emit<K extends keyof Events>(event: K, value: Events[K]): void {
    for (const listen of [...(this.#listeners.get(event) ?? [])] as Array<(value: Events[K]) => void>) {
      try {
        listen(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
