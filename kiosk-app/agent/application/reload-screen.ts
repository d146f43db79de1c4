/**
 * Purpose: shows the counter's page anew when the hub asks, as soon as nobody is in the middle of anything; asked again
 *   meanwhile, it is once.
 * Refuses: to take a question, thanks, a code or an officer's page away (shared/src/counter/screen-reload.ts decides).
 * Document: shared/PROTOCOL.md, "The line", Reload.
 */
import { mayReload } from '@hailong/shared/counter/screen-reload.ts';
import type { DeviceHealth } from '@hailong/shared/model/device-health.ts';
import type { AgentToWindow, Screen } from '@hailong/shared/protocol/ui.ts';
import type { Windows } from './ports.ts';

export interface ReloadParts {
  readonly windows: Windows & { reload(): void };
  /** What the device says of it changed. */
  readonly changed: () => void;
}

/** Stands before the windows, so that it sees each screen as they do. */
export class ScreenReload implements Windows {
  readonly #parts: ReloadParts;
  #shown: Screen | null = null;
  #isWaiting = false;
  #done = 0;

  constructor(parts: ReloadParts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#parts.windows.count;
  }

  broadcast(message: AgentToWindow): void {
    this.#parts.windows.broadcast(message);
    if (message.type !== 'screen') return;
    this.#shown = message.screen;
    this.#look();
  }

  ask(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#look();
    if (this.#isWaiting) this.#parts.changed();
  }

  health(): NonNullable<DeviceHealth['reload']> {
    return { isWaiting: this.#isWaiting, done: this.#done };
  }

  #look(): void {
    if (!this.#isWaiting || (this.#shown && !mayReload(this.#shown))) return;
    this.#isWaiting = false;
    this.#done += 1;
    this.#parts.windows.reload();
    this.#parts.changed();
  }
}
