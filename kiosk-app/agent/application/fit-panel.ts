/**
 * Purpose: the place of the counter's panel: the panel that the configuration names, and none while it is being set up. Whoever
 *   arms, drains and watches keeps one object, whatever is fitted.
 * Refuses: to fit two at once; what is not fitted any more says nothing here.
 * Document: kiosk-app/DESIGN.md, "The panel".
 */
import type { PanelHealth } from '@hailong/shared/model/device-health.ts';
import type { ShownPanel } from '@hailong/shared/protocol/ui.ts';
import type { Panel, PanelPressed, PanelState } from './ports.ts';
import type { PanelWatch } from './watch-panel.ts';

export interface Fitted {
  readonly panel: Panel;
  readonly presence: PanelWatch;
  readonly health: () => PanelHealth | null;
}

export interface SlotParts {
  /** What the configuration names now. */
  readonly fit: () => Fitted;
  /** A panel that is none. */
  readonly none: Panel;
  /** What is shown and said of the panel has changed. */
  readonly changed: () => void;
}

type Listener = Parameters<Panel['start']>[0];

export class PanelSlot implements Panel {
  readonly #parts: SlotParts;
  #fitted: Fitted;
  /** Of the panel on trial, so that a press which the counter took is acknowledged to it. */
  #acknowledge: Panel['acknowledge'] | null = null;
  #listener: Listener | null = null;

  constructor(parts: SlotParts) {
    this.#parts = parts;
    this.#fitted = parts.fit();
  }

  get state(): PanelState {
    return this.#panel.state;
  }

  /** For the screen; null: there is none, or nothing is known of it yet. */
  get shown(): ShownPanel | null {
    return this.#acknowledge ? null : this.#fitted.presence.shown;
  }

  health(): PanelHealth | null {
    return this.#acknowledge ? null : this.#fitted.health();
  }

  /** To be called at the start and whenever the panel's state may be another. */
  look(): void {
    if (!this.#acknowledge) this.#fitted.presence.look();
  }

  start(listener: Listener): void {
    this.#listener = listener;
    this.#start(this.#fitted.panel, listener);
    this.look();
  }

  /** A press of a question of the counter that came while another panel's driver held the line. */
  pressed(press: PanelPressed): void {
    this.#listener?.pressed(press);
  }

  async take(acknowledge: Panel['acknowledge']): Promise<void> {
    const { panel, presence } = this.#fitted;
    this.#acknowledge = acknowledge;
    presence.retire();
    this.#listener?.changed(null);
    await panel.stop();
  }

  refit(): void {
    this.#acknowledge = null;
    this.#fitted = this.#parts.fit();
    if (this.#listener) this.start(this.#listener);
    this.#parts.changed();
  }

  acknowledge(press: { boot: number; seq: number }): boolean {
    return (this.#acknowledge ?? ((one) => this.#fitted.panel.acknowledge(one)))(press);
  }

  arm(askTicket: number, buttons: number, timeoutMs: number): Promise<boolean> {
    return this.#panel.arm(askTicket, buttons, timeoutMs);
  }

  disarm(askTicket: number): Promise<boolean> {
    return this.#panel.disarm(askTicket);
  }

  drain(): Promise<boolean> {
    return this.#panel.drain();
  }

  async stop(): Promise<void> {
    this.#fitted.presence.stop();
    await this.#fitted.panel.stop();
  }

  get #panel(): Panel {
    return this.#acknowledge ? this.#parts.none : this.#fitted.panel;
  }

  /** What a panel says that is not fitted any more is nobody's. */
  #start(panel: Panel, listener: Listener): void {
    const isFitted = () => panel === this.#panel;
    panel.start({
      changed: (found) => {
        if (isFitted()) listener.changed(found);
      },
      pressed: (press) => {
        if (isFitted()) listener.pressed(press);
      },
      said: (vi, en) => {
        if (isFitted()) listener.said(vi, en);
      },
    });
  }
}
