/* Whole frames as a panel sends them. */
import { encodeFrame } from '@hailong/device-drivers/panel/frame.ts';
import { encodePanelMessage } from '@hailong/device-drivers/panel/message-codec.ts';
import type { PanelMessage } from '@hailong/device-drivers/panel/messages.ts';

export const FUZZ_HWID = '48414c4f4e470001';

export function panelFrame(message: PanelMessage, tag = 0, retransmission = false): Uint8Array {
  return encodeFrame({
    direction: 'panel-to-host',
    retransmission,
    address: 0,
    tag,
    ...encodePanelMessage(message),
  });
}

export function infoFrame(boot: number, tag: number): Uint8Array {
  return panelFrame(
    {
      name: 'info',
      minMajor: 1,
      maxMajor: 1,
      hwid: FUZZ_HWID,
      firmware: [1, 0, 0],
      buttons: 5,
      leds: 5,
      caps: 11,
      boot,
      oldestUnacked: 0,
      queueLength: 0,
      queueCapacity: 32,
      resetCause: 1,
    },
    tag,
  );
}

export function statusFrame(
  boot: number,
  tag: number,
  uptimeMs: number,
  queueLength: number,
  ticket: number,
): Uint8Array {
  const none = { overflowed: false, down: 0, stuck: 0, overflow: 0, ignored: 0, rxErrors: 0 };
  return panelFrame(
    { name: 'status', boot, uptimeMs, armed: true, session: true, queueLength, ticket, ...none },
    tag,
  );
}

export function resultFrame(request: number, tag: number, detail: number): Uint8Array {
  return panelFrame({ name: 'result', request, status: 0, detail }, tag);
}

export type SentPress = {
  readonly boot: number;
  readonly seq: number;
  readonly button: number;
  readonly uptimeMs: number;
  readonly ticket: number;
};

export function buttonFrame(press: SentPress, retransmission = false): Uint8Array {
  return panelFrame({ name: 'button', ...press, flags: 0, durationMs: 0xffff }, 0, retransmission);
}
