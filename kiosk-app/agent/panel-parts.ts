/**
 * Purpose: the panel's part of the composition root: its configuration from the command line or the data folder, its driver
 *   as the agent's port, and what the hub and the screen are told of it.
 * Refuses: to keep the counter from working because of its panel: with a bad configuration touch works, and the alarm says so.
 * Document: kiosk-app/DESIGN.md, "The panel".
 */
import { openPanelDriver } from '@hailong/device-drivers/panel/open-panel.ts';
import type { PanelSpec } from '@hailong/device-drivers/panel/panel-spec.ts';
import { CodedError } from '@hailong/shared/errors.ts';
import type { PanelHealth } from '@hailong/shared/model/device-health.ts';
import type { PanelConfig } from '@hailong/shared/model/panel-config.ts';
import type { ShownPanel } from '@hailong/shared/protocol/ui.ts';
import { panelFileIn, readPanelFile } from './adapters/panel/panel-file.ts';
import { panelHealthOf, wedgeHealth } from './adapters/panel/panel-health.ts';
import { noPanel, panelOf } from './adapters/panel/panel-port.ts';
import type { Clock, Panel, Reporter, Timers } from './application/ports.ts';
import { raiseAlarm } from './application/raise-alarm.ts';
import { PanelWatch } from './application/watch-panel.ts';

export interface PanelParts {
  readonly panel: Panel;
  readonly presence: PanelWatch;
  readonly health: () => PanelHealth | null;
}

interface Given {
  readonly clock: Clock & { monotonic(): number };
  readonly timers: Timers;
  readonly report: Reporter;
}

export function panelParts(
  spec: PanelSpec | null,
  data: string,
  given: Given,
  changed: { readonly health: () => void; readonly shown: () => void },
): PanelParts {
  const { clock, timers } = given;
  const config = configOf(spec, data, given);
  const watch = (panel: Panel, isSeen: boolean, wedge: ShownPanel['wedge'] | null = null) =>
    new PanelWatch({ ...given, panel, isSeen, wedge, changed: changed.shown });
  if (config === null) {
    // Expected, and not to be had: away, on the screen and at the hub, until somebody mends the file.
    const panel: Panel = { ...noPanel, state: 'away' };
    return { panel, presence: watch(panel, true), health: () => null };
  }
  const driver = openPanelDriver(config, {
    clock: { nowMs: clock.monotonic, setTimer: (delayMs, fire) => timers.after(delayMs, fire) },
  });
  if (driver !== null && 'path' in config) {
    const panel = panelOf(driver);
    const health = panelHealthOf(driver, config, clock.monotonic, changed.health);
    return { panel, presence: watch(panel, driver.capabilities.presence !== 'none'), health };
  }
  if (config.family !== 'hid-wedge')
    return { panel: noPanel, presence: watch(noPanel, true), health: () => null };
  const { keys, ignore } = config;
  return { panel: noPanel, presence: watch(noPanel, false, { keys, ignore }), health: wedgeHealth };
}

function configOf(spec: PanelSpec | null, data: string, given: Given): PanelConfig | null {
  if (spec !== null && spec.family !== 'file') return spec;
  try {
    const config = readPanelFile(spec?.path ?? panelFileIn(data));
    if (config === null && spec !== null) throw new CodedError('panel.config_invalid', spec.path);
    return config ?? { family: 'none' };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    raiseAlarm(given, error.code, error.detail ?? '');
    return null;
  }
}
