/**
 * Purpose: what is known of the counter's page and of the shell that keeps it, for the device's health.
 * Refuses: to speak of a page that was never there; to report each frame: how long ago the last one was is said with the
 *   status.
 * Document: shared/PROTOCOL.md, "Health"; kiosk-app/LOCK.md, "Who watches".
 */
import type { WindowHealth } from '@hailong/shared/model/device-health.ts';
import type { ShellWord } from '@hailong/shared/protocol/ui.ts';

export interface WindowNotesParts {
  /** Ms since the machine's boot. */
  readonly now: () => number;
  /** What the device says of its shell changed. */
  readonly changed: () => void;
}

export class WindowNotes {
  readonly #parts: WindowNotesParts;
  #shell: ShellWord | null = null;
  #shown: { readonly screen: string; readonly at: number } | null = null;

  #connectedAt: number | null = null;

  constructor(parts: WindowNotesParts) {
    this.#parts = parts;
  }

  /** A page is about to draw a frame of that screen. */
  beat(screen: string): void {
    const isFirst = this.#shown === null;
    this.#shown = { screen, at: this.#parts.now() };
    if (isFirst) this.#parts.changed();
  }

  /** How many pages hold a connection now. */
  connected(pages: number): void {
    this.#connectedAt = pages === 0 ? null : (this.#connectedAt ?? this.#parts.now());
  }

  /** Null: the shell has gone. */
  shell(word: ShellWord | null): void {
    if (JSON.stringify(word) === JSON.stringify(this.#shell)) return;
    this.#shell = word;
    this.#parts.changed();
  }

  health(): WindowHealth | null {
    const [shell, shown, connectedAt] = [this.#shell, this.#shown, this.#connectedAt];
    if (!shell && !shown && connectedAt === null) return null;
    const agoMs = (at: number): number => Math.max(0, Math.round(this.#parts.now() - at));
    return {
      shell: shell?.shell ?? 'none',
      version: shell?.version ?? null,
      restarts: shell?.restarts ?? 0,
      shown: shown && { screen: shown.screen, agoMs: agoMs(shown.at) },
      ...(connectedAt === null ? {} : { connectedMs: agoMs(connectedAt) }),
    };
  }
}
