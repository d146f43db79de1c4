/**
 * Purpose: HELLO until INFO with our tag, then the checks of version and hardware id, then the configuration.
 * Refuses: a panel of another major version or another hardware id; a beacon (tag 0) never counts as an answer.
 * Document: firmware-notes/panel-protocol.md, "The host". Part of link-machine.ts, pure like it.
 */
import { abandonCommands, close } from './link-line.ts';
import { sendNext } from './link-ready.ts';
import {
  LINK_TIMING,
  type LinkEffect,
  type LinkState,
  type LinkStep,
  type Phase,
  type RefusedWhy,
} from './link-state.ts';
import { HOST_MAJOR, PANEL_CAP, type PanelInfo } from './messages.ts';
import type { PanelIdentity } from './panel-driver.ts';

export function enterSync(state: LinkState, conn: number, nowMs: number): LinkStep {
  const effects = abandonCommands(state);
  const tag = (state.tag % 255) + 1;
  const phase: Phase = {
    name: 'sync',
    conn,
    tag,
    helloDueMs: nowMs + LINK_TIMING.helloEveryMs,
    untilMs: nowMs + LINK_TIMING.handshakeMs,
  };
  return { state: { ...state, tag, phase }, effects: [...effects, hello(state, conn, tag, false)] };
}

export function hello(state: LinkState, conn: number, tag: number, retransmission: boolean): LinkEffect {
  const { session } = state.config;
  const body = { name: 'hello', minMajor: HOST_MAJOR, maxMajor: HOST_MAJOR, session } as const;
  return { type: 'write', conn, message: body, tag, retransmission };
}

export function accept(state: LinkState, conn: number, info: PanelInfo, nowMs: number): LinkStep {
  const identity = identityOf(info);
  const known = { ...state, identity, failedHandshakes: 0 };
  const refusal = refuse(state, info);
  if (refusal !== null) {
    const step = close(known, conn, refusal);
    const detail = refusal === 'incompatible' ? info.minMajor : 0;
    return {
      state: step.state,
      effects: [...step.effects, { type: 'fault', fault: { code: refusal, button: null, detail } }],
    };
  }
  const config = state.config.panelConfig.map(
    ([key, value]) => ({ owner: null, message: { name: 'setConfig', key, value } }) as const,
  );
  const ready: LinkState = {
    ...known,
    attempts: 0,
    lastHeardMs: nowMs,
    phase: {
      name: 'ready',
      conn,
      info,
      announced: false,
      waiting: config,
      flight: null,
      pingDueMs: nowMs,
      pingsMissed: 0,
      clock: null,
      held: null,
    },
  };
  return sendNext(ready, nowMs, []);
}

function refuse(state: LinkState, info: PanelInfo): RefusedWhy | null {
  if (info.minMajor > HOST_MAJOR || info.maxMajor < HOST_MAJOR) return 'incompatible';
  const { expectedHwid } = state.config;
  return expectedHwid !== null && expectedHwid !== info.hwid ? 'wrong-device' : null;
}

function identityOf(info: PanelInfo): PanelIdentity {
  return {
    hwid: info.hwid,
    boot: info.boot,
    firmware: info.firmware.join('.'),
    buttons: info.buttons,
    leds: info.leds,
    journal: (info.caps & PANEL_CAP.journal) !== 0,
  };
}

export function handshakeFailed(state: LinkState, conn: number): LinkStep {
  const failedHandshakes = state.failedHandshakes + 1;
  const step = close({ ...state, failedHandshakes }, conn, 'backoff');
  if (failedHandshakes !== LINK_TIMING.handshakesBeforeFault) return step;
  const fault = { code: 'handshake-failed', button: null, detail: failedHandshakes } as const;
  return { state: step.state, effects: [...step.effects, { type: 'fault', fault }] };
}
