/**
 * Purpose: the panel's set-up at a serving counter: takes the panel away, shows the page, and gives the counter back as it was
 *   with what was written, when the technician leaves or nothing was done for two minutes.
 * Refuses: to begin while anybody is served, asked or waited for. Nothing of it outlives the process: a restart ends it.
 * Document: kiosk-app/DESIGN.md, "The panel".
 */
import type { CounterState } from '@hailong/shared/counter/counter-state.ts';
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { SetupChoice, SetupToPage } from '@hailong/shared/protocol/panel-setup.ts';
import type { AgentToWindow } from '@hailong/shared/protocol/ui.ts';
import type { Panel, Timers } from './ports.ts';
import type { PanelSetup } from './set-up-panel.ts';

/** Nobody does anything for so long: whoever opened the page has gone. */
export const SILENT_MS = 120_000;

/** Nobody is served, asked or waited for. */
export function isAtRest({ serving, rating, waiting, aside }: CounterState): boolean {
  return serving === null && rating === null && waiting.length === 0 && aside === null;
}

export type SetupTrial = Pick<PanelSetup, 'view' | 'hear' | 'stop' | 'acknowledge'>;

export interface SetupRoomParts {
  readonly timers: Timers;
  readonly state: () => CounterState;
  readonly slot: {
    /** The counter has no panel from now on; its port is free when this is done. */
    take(acknowledge: Panel['acknowledge']): Promise<void>;
    /** It has the one that the configuration now names. */
    refit(): void;
  };
  readonly begin: (tell: (message: SetupToPage) => void) => SetupTrial;
  /** The counter opens nothing meanwhile and shows the page. */
  readonly hold: (settingUp: boolean) => void;
  readonly tell: (message: AgentToWindow) => void;
}

export class SetupRoom {
  readonly #parts: SetupRoomParts;
  #phase: 'closed' | 'open' | 'leaving' = 'closed';
  #trial: SetupTrial | null = null;
  /** What the test last said of its buttons. */
  #pressed = '';
  /** One thing after the other: a port is closed before it is opened anew. */
  #turn: Promise<void> = Promise.resolve();
  #cancelSilence: () => void = () => {};

  constructor(parts: SetupRoomParts) {
    this.#parts = parts;
  }

  /** Null: it is open. */
  open(): ErrorCode | null {
    const { slot, begin, hold, state } = this.#parts;
    if (this.#phase !== 'closed' || !isAtRest(state())) return 'intent.busy';
    this.#phase = 'open';
    this.stir();
    hold(true);
    this.#turn = this.#turn.then(async () => {
      await slot.take((press) => this.#trial?.acknowledge(press) ?? false);
      const trial = begin((message) => {
        if (this.#trial === trial) this.#tell(message);
      });
      this.#trial = trial;
      this.#tell({ type: 'view', view: trial.view });
    });
    return null;
  }

  /** For a window that has just come. */
  present(send: (message: AgentToWindow) => void): void {
    if (this.#trial) send({ type: 'setup', message: { type: 'view', view: this.#trial.view } });
  }

  hear(choice: SetupChoice): void {
    if (this.#phase !== 'open') return;
    this.stir();
    this.#trial?.hear(choice);
  }

  /** Somebody is there. */
  stir(): void {
    if (this.#phase !== 'open') return;
    this.#cancelSilence();
    this.#cancelSilence = this.#parts.timers.after(SILENT_MS, () => this.leave());
  }

  leave(): void {
    if (this.#phase !== 'open') return;
    const { slot, hold } = this.#parts;
    this.#phase = 'leaving';
    this.#cancelSilence();
    this.#turn = this.#turn.then(async () => {
      const trial = this.#trial;
      this.#trial = null;
      await trial?.stop();
      slot.refit();
      this.#phase = 'closed';
      hold(false);
    });
  }

  /** The process ends. */
  async stop(): Promise<void> {
    this.#cancelSilence();
    this.#phase = 'leaving';
    await this.#turn;
    await this.#trial?.stop();
  }

  #tell(message: SetupToPage): void {
    if (message.type === 'view') {
      // A button that was pressed is a technician's, too; a line that comes and goes is nobody.
      const pressed = `${message.view.pressed} ${message.view.wrong}`;
      if (pressed !== this.#pressed) this.stir();
      this.#pressed = pressed;
    }
    this.#parts.tell({ type: 'setup', message });
  }
}
