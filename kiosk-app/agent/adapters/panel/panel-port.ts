/**
 * Purpose: the button panel as the agent's port, over a device-drivers driver; buttons become 1-based here.
 *   `none` is a panel with nothing to drain.
 * Refuses: to acknowledge by itself; a command that failed is an answer, and `changed` tells when to try again.
 */

import type { PanelDriver, PanelFaultCode, PanelPress } from '@hailong/device-drivers/panel/panel-driver.ts';
import type { Hwid } from '@hailong/shared/ids.ts';
import type { Panel, PanelPressed, PanelState } from '../../application/ports.ts';

/** ARM carries whole seconds, 1 to 65,535. */
const ARM_MIN_MS = 1_000;
const ARM_MAX_MS = 65_535_000;
const BUTTONS_MAX = 8;

const FAULTS: Readonly<Record<PanelFaultCode, { vi: string; en: string }>> = {
  stuck: { vi: 'một nút bị kẹt', en: 'a button is stuck' },
  'stuck-cleared': { vi: 'nút kẹt đã nhả', en: 'a stuck button is free again' },
  'queue-overflow': { vi: 'hàng chờ đầy, có lần bấm bị bỏ', en: 'its queue was full and refused a press' },
  'panel-restarted-by-watchdog': { vi: 'tự khởi động lại', en: 'it restarted by itself' },
  'panel-receive-errors': { vi: 'nhận lỗi trên dây', en: 'it receives errors on the line' },
  supply: { vi: 'nguồn điện yếu', en: 'its supply is weak' },
  'handshake-failed': { vi: 'không trả lời; kiểm tra dây và cổng', en: 'no answer; check cable and port' },
  incompatible: { vi: 'khác phiên bản giao thức', en: 'it speaks another protocol version' },
  'wrong-device': { vi: 'không phải bộ nút của quầy này', en: 'it is not the panel of this counter' },
  'unknown-fault': { vi: 'báo lỗi không rõ', en: 'it reports an unknown fault' },
};

export const noPanel: Panel = {
  state: 'none',
  start: () => undefined,
  acknowledge: () => false,
  arm: async () => false,
  disarm: async () => true,
  drain: async () => true,
  stop: async () => undefined,
};

export function pressedOf(press: PanelPress): PanelPressed {
  return {
    hwid: press.hwid as Hwid,
    boot: press.boot,
    seq: press.seq,
    askTicket: press.askTicket,
    button: press.button + 1,
    chord: press.flags.chord,
    uptimeMs: press.uptimeMs,
    pressedMono: press.pressedAtMonoMs === null ? null : Math.max(0, Math.round(press.pressedAtMonoMs)),
  };
}

export function panelOf(driver: PanelDriver): Panel {
  return {
    get state(): PanelState {
      return driver.state === 'stopped' ? 'away' : driver.state;
    },
    start({ changed, pressed, said }) {
      driver.on('ready', ({ hwid, buttons }) => changed({ hwid: hwid as Hwid, buttons }));
      driver.on('state', ({ state }) => {
        if (state !== 'ready') changed(null);
      });
      driver.on('press', (press) => pressed(pressedOf(press)));
      driver.on('fault', ({ code, button }) => {
        const { vi, en } = FAULTS[code];
        const which = button === null ? '' : ` (${button + 1})`;
        said(`Bộ nút: ${vi}${which}.`, `Panel: ${en}${which}.`);
      });
      driver.start();
    },
    acknowledge: ({ boot, seq }) => driver.acknowledge({ boot, seq }),
    async arm(askTicket, buttons, timeoutMs) {
      // A panel refuses buttons that it does not have: with fewer than levels, touch gives the others.
      const mask = (1 << Math.min(buttons, driver.identity?.buttons ?? BUTTONS_MAX, BUTTONS_MAX)) - 1;
      const bounded = Math.min(ARM_MAX_MS, Math.max(ARM_MIN_MS, timeoutMs));
      const armed = await driver.arm({ askTicket, mask, singleShot: true, timeoutMs: bounded });
      // The lamps say "answers are taken", the same for every button.
      if (armed.ok && driver.capabilities.led) await driver.led({ on: mask, blink: 0, ttlMs: 0 });
      return armed.ok;
    },
    async disarm(askTicket) {
      const disarmed = await driver.disarm(askTicket);
      if (disarmed.ok && driver.capabilities.led) await driver.led({ on: 0, blink: 0, ttlMs: 0 });
      // Another ticket than the armed one: it is not armed, which is what was asked.
      return disarmed.ok || disarmed.code === 'state';
    },
    drain: async () => (await driver.drain()).drained,
    stop: () => driver.stop(),
  };
}
