/* Whoever presses learns whether it went to the agent: a key that empties what was typed must know. */
import type { AgentToWindow, Bridge, WindowToAgent } from '@hailong/shared/protocol/ui.ts';
import { expect, it } from 'vitest';
import { GUARD_MS } from '../../../kiosk-app/renderer/kiosk-machine.ts';
import { openKiosk } from '../../../kiosk-app/renderer/kiosk-store.ts';
import { desks } from '../../support/kiosk-screens.ts';

it('says of an officer’s key whether it went out', () => {
  let nowMs = 1_000;
  const sent: WindowToAgent[] = [];
  let connect: (connected: boolean) => void = () => undefined;
  let receive: (message: AgentToWindow) => void = () => undefined;
  const bridge = {
    subscribe(listen: typeof receive) {
      receive = listen;
      return () => undefined;
    },
    onConnection(listen: typeof connect) {
      connect = listen;
    },
    send: (message: WindowToAgent) => void sent.push(message),
  } as unknown as Bridge;
  const kiosk = openKiosk(bridge, { now: () => nowMs, after: () => () => undefined });
  const call = () =>
    kiosk.dispatch({ type: 'officer.act', act: { act: 'next', code: 'A0134567', stage: 'reception' } });
  connect(true);
  receive({ type: 'screen', revision: 1, screen: desks.rest });
  expect(call()).toBe(false);
  nowMs += GUARD_MS;
  connect(false);
  expect(call()).toBe(false);
  connect(true);
  expect(call()).toBe(true);
  expect(sent).toHaveLength(1);
});
