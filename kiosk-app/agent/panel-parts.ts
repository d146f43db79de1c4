/**
 * Purpose: the panel's part of the composition root: its configuration from the command line or the data folder, its driver
 *   as the agent's port, what the hub and the screen are told of it, and its set-up while the counter runs.
 * Refuses: to keep the counter from working because of its panel: with a bad configuration touch works, and the alarm says so.
 * Document: kiosk-app/DESIGN.md, "The panel".
 */
import { openPanelDriver } from '@hailong/device-drivers/panel/open-panel.ts';
import type { PanelSpec } from '@hailong/device-drivers/panel/panel-spec.ts';
import { listSerialPorts } from '@hailong/device-drivers/panel/serial-ports.ts';
import type { CounterState } from '@hailong/shared/counter/counter-state.ts';
import { CodedError, type ErrorCode } from '@hailong/shared/errors.ts';
import type { PanelConfig } from '@hailong/shared/model/panel-config.ts';
import type { AgentToWindow, ShownPanel } from '@hailong/shared/protocol/ui.ts';
import { panelFileIn, readPanelFile, writePanelFile } from './adapters/panel/panel-file.ts';
import { panelHealthOf, wedgeHealth } from './adapters/panel/panel-health.ts';
import { noPanel, panelOf, pressedOf } from './adapters/panel/panel-port.ts';
import { type Fitted, PanelSlot } from './application/fit-panel.ts';
import type { OfficerDesk } from './application/open-desk.ts';
import { SetupRoom } from './application/open-setup.ts';
import type { Clock, Panel, Reporter, Timers } from './application/ports.ts';
import { endAlarm, raiseAlarm } from './application/raise-alarm.ts';
import { PanelSetup } from './application/set-up-panel.ts';
import { PanelWatch } from './application/watch-panel.ts';

export interface PanelParts {
  readonly slot: PanelSlot;
  readonly room: SetupRoom;
  /** What of it is the officer's. */
  readonly setup: ConstructorParameters<typeof OfficerDesk>[0]['setup'];
}

interface Given {
  readonly clock: Clock & { monotonic(): number };
  readonly timers: Timers;
  readonly report: Reporter;
}
interface Counter {
  readonly state: () => CounterState;
  readonly hold: (settingUp: boolean) => void;
  readonly tell: (message: AgentToWindow) => void;
  readonly changed: { readonly health: () => void; readonly shown: () => void };
}

export function panelParts(spec: PanelSpec | null, data: string, given: Given, counter: Counter): PanelParts {
  const { clock, timers, report } = given;
  // A panel named on the command line would be back at the next start, whatever was set up.
  const file = spec === null ? panelFileIn(data) : spec.family === 'file' ? spec.path : null;
  const read = configReader(spec, file, given);
  const slot = new PanelSlot({
    fit: () => fitted(read(), given, counter.changed),
    none: noPanel,
    changed: counter.changed.shown,
  });
  const room = new SetupRoom({
    ...{ timers, slot, state: counter.state, tell: counter.tell },
    hold(settingUp) {
      if (settingUp) report.say('Đang cài đặt bộ nút.', 'The panel is being set up.');
      else report.say('Đã rời trang cài đặt bộ nút.', 'The set-up of the panel was left.');
      counter.hold(settingUp);
    },
    begin: (tell) =>
      new PanelSetup({
        listPorts: listSerialPorts,
        open: openPanelDriver,
        saved: savedIn(file),
        save(config) {
          if (file !== null) writePanelFile(file, config);
        },
        monotonic: clock.monotonic,
        stray: (press) => slot.pressed(pressedOf(press)),
        tell,
      }),
  });
  const isOffered = () => file !== null;
  return {
    ...{ slot, room },
    setup: {
      isOffered,
      isNeeded: () => isOffered() && slot.shown?.state === 'away',
      open: (): ErrorCode | null => room.open(),
    },
  };
}

function fitted(config: PanelConfig | null, given: Given, changed: Counter['changed']): Fitted {
  const { clock, timers } = given;
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

/** What is configured now; null: something that cannot be used, which is an alarm until it can. */
function configReader(spec: PanelSpec | null, file: string | null, given: Given): () => PanelConfig | null {
  let isBad = false;
  return () => {
    if (file === null) return spec === null || spec.family === 'file' ? null : spec;
    try {
      const config = readPanelFile(file);
      if (config === null && spec !== null) throw new CodedError('panel.config_invalid', file);
      if (isBad) endAlarm(given, 'panel.config_invalid');
      isBad = false;
      return config ?? { family: 'none' };
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      isBad = true;
      raiseAlarm(given, error.code, error.detail ?? '');
      return null;
    }
  };
}

/** What cannot be used is what the technician came for. */
function savedIn(file: string | null): PanelConfig | null {
  try {
    return file === null ? null : readPanelFile(file);
  } catch (error) {
    if (error instanceof CodedError) return null;
    throw error;
  }
}
