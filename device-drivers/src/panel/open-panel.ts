/**
 * Purpose: the driver of a panel's configuration, by its family.
 * Refuses: families without a line: `none`, and a panel that types keys into the window, which the window itself hears.
 * Document: firmware-notes/families.md.
 */
import type { PanelConfig } from '@hailong/shared/model/panel-config.ts';
import { openCpp1Panel } from './families/cpp1.ts';
import { openLineAsciiPanel } from './families/line-ascii.ts';
import type { PanelDriver } from './panel-driver.ts';
import type { PanelClock } from './ports.ts';

export function openPanelDriver(config: PanelConfig, clock?: PanelClock): PanelDriver | null {
  const options = clock ? { clock } : {};
  switch (config.family) {
    case 'cpp1':
      return openCpp1Panel(config.path, { ...options, expectedHwid: config.hwid });
    case 'line-ascii':
      return openLineAsciiPanel(config, options);
    case 'hid-wedge':
    case 'none':
      return null;
  }
}
