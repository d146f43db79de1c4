/** The page's line inside the kiosk's window: what the agent says comes with the screens, what is done goes with the touches. */
import type { SetupToPage } from '@hailong/shared/protocol/panel-setup.ts';
import type { Bridge } from '@hailong/shared/protocol/ui.ts';
import { SeenStore, type SetupLine } from './setup-seen.ts';

export interface WindowLine extends SetupLine {
  readonly take: (message: SetupToPage) => void;
  /** Somebody is still there. */
  readonly stir: () => void;
  readonly leave: () => void;
  /** The page was left: the next one begins with nothing. */
  readonly forget: () => void;
}

/** The agent gives the page back after two minutes of silence: a word now and then is enough. */
const STIR_EVERY_MS = 10_000;

export function openWindowLine(bridge: Pick<Bridge, 'send'>, now: () => number): WindowLine {
  const store = new SeenStore();
  let stirredAt = Number.NEGATIVE_INFINITY;
  return {
    ...{ seen: store.seen, subscribe: store.subscribe },
    take: (message) => store.take(message),
    send(choice) {
      if (choice.type === 'try') store.begin();
      bridge.send({ type: 'setup', choice });
    },
    stir() {
      if (now() - stirredAt < STIR_EVERY_MS) return;
      stirredAt = now();
      bridge.send({ type: 'setup.stir' });
    },
    leave: () => bridge.send({ type: 'setup.leave' }),
    forget: () => store.forget(),
  };
}
