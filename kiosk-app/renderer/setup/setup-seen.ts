/** What the set-up said so far, as the page draws it: the newest view, the last live bytes, each message of the box once. */
import type { SetupChoice, SetupToPage, SetupView } from '@hailong/shared/protocol/panel-setup.ts';

export interface LiveBytes {
  readonly id: number;
  readonly direction: 'in' | 'out';
  readonly text: string;
}
export interface SetupSeen {
  /** Null: nothing was said yet. */
  readonly view: SetupView | null;
  readonly connected: boolean;
  /** Newest first. */
  readonly bytes: readonly LiveBytes[];
  /** Whole messages since the last trial began, each once, in the order they came. */
  readonly heard: readonly string[];
}
export interface SetupLine {
  readonly seen: () => SetupSeen;
  readonly subscribe: (changed: () => void) => () => void;
  readonly send: (choice: SetupChoice) => void;
}

const BYTES_SHOWN = 12;
const HEARD_MAX = 16;
const NOTHING: SetupSeen = { view: null, connected: false, bytes: [], heard: [] };

export class SeenStore {
  #seen = NOTHING;
  #count = 0;
  readonly #listeners = new Set<() => void>();

  readonly seen = (): SetupSeen => this.#seen;

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  change(part: Partial<SetupSeen>): void {
    this.#seen = { ...this.#seen, ...part };
    for (const changed of this.#listeners) changed();
  }

  take(message: SetupToPage): void {
    const { bytes, heard } = this.#seen;
    switch (message.type) {
      case 'view':
        this.change({ view: message.view, connected: true });
        return;
      case 'bytes': {
        this.#count += 1;
        const { direction, text } = message;
        this.change({ bytes: [{ id: this.#count, direction, text }, ...bytes].slice(0, BYTES_SHOWN) });
        return;
      }
      case 'heard':
        if (!heard.includes(message.text))
          this.change({ heard: [...heard, message.text].slice(0, HEARD_MAX) });
    }
  }

  /** Another trial begins. */
  begin(): void {
    this.change({ bytes: [], heard: [] });
  }

  forget(): void {
    this.change(NOTHING);
  }
}
