/** The demo's button panel: the simulator on a real PTY, as the panel page plays it. */
import { startPanelSimulator } from '@hailong/device-drivers/simulators/panel-simulator.ts';
import type { PlayedPanel } from './panel-page.ts';

/** Frames spoilt by one "line noise". */
const NOISE_FRAMES = 5;

export function openPanel(opened: (() => Promise<unknown>)[]): PlayedPanel & { readonly path: string } {
  const panel = startPanelSimulator({ hwid: '53494d0000000001', journal: true });
  opened.push(async () => panel.stop());
  return {
    path: panel.path,
    state() {
      const { plugged, armedMask } = panel.status();
      return { plugged, armed: armedMask !== 0 };
    },
    press(button, holdMs) {
      void panel.press(button, holdMs);
    },
    async act(act) {
      if (act === 'unplug') await panel.unplug();
      else if (act === 'replug') panel.replug();
      else if (act === 'reboot') await panel.powerLoss();
      else panel.misbehave({ corruptFrames: NOISE_FRAMES });
    },
  };
}
