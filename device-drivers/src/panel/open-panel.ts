/**
 * Purpose: the driver of a panel's configuration, by its family.
 * Refuses: families without a line: `none`, and a panel that types keys into the window, which the window itself hears.
 * Document: firmware-notes/families.md.
 */
import type { PanelConfig } from '@hailong/shared/model/panel-config.ts';
import { createCpp1Panel } from './families/cpp1.ts';
import { openLineAsciiPanel } from './families/line-ascii.ts';
import type { PanelDriver } from './panel-driver.ts';
import type { PanelClock, SerialTransport } from './ports.ts';
import { serialportTransport } from './serialport-transport.ts';
import { type Tap, tapped } from './tap.ts';

export type OpenPanelOptions = {
  readonly clock?: PanelClock;
  /** Sees every byte of the line. */
  readonly tap?: Tap;
};

export function openPanelDriver(
  config: PanelConfig,
  { clock, tap }: OpenPanelOptions = {},
): PanelDriver | null {
  const over = (transport: SerialTransport) => ({
    transport: tap ? tapped(transport, tap) : transport,
    ...(clock ? { clock } : {}),
  });
  switch (config.family) {
    case 'cpp1':
      return createCpp1Panel({ ...over(serialportTransport(config.path)), expectedHwid: config.hwid });
    case 'line-ascii': {
      const line = { ...config.line, watchPresence: true };
      return openLineAsciiPanel(config, over(serialportTransport(config.path, line)));
    }
    case 'hid-wedge':
    case 'none':
      return null;
  }
}
