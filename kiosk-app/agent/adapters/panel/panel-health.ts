/**
 * What the panel's driver said of the panel since the start, for the hub's page of kiosks: who it is, which buttons are
 * stuck, the newest fault. Refuses: to decide anything; whether the panel is there is the port's `state`.
 * Document: shared/PROTOCOL.md, "Health".
 */
import type { PanelDriver, PanelFaultCode } from '@hailong/device-drivers/panel/panel-driver.ts';
import type { PanelHealth } from '@hailong/shared/model/device-health.ts';

type Heard = Pick<PanelDriver, 'on' | 'capabilities' | 'identity'>;

/** A panel that types keys says nothing of itself, not even that it is there. */
export const wedgeHealth = (): PanelHealth => ({
  ...{ family: 'hid-wedge', path: null, hwid: null, firmware: null, stuck: [], lastFault: null },
  capabilities: ['delivery-at-most-once', 'arm-host', 'presence-none'],
});

export function panelHealthOf(
  driver: Heard,
  spec: { readonly family: string; readonly path: string | null },
  now: () => number,
  changed: () => void,
): () => PanelHealth {
  let stuckAt: string | null = null;
  let fault: { readonly code: PanelFaultCode; readonly mono: number } | null = null;
  const stuck = new Set<number>();
  driver.on('ready', ({ hwid }) => {
    // Another panel has its own buttons.
    if (hwid !== stuckAt) stuck.clear();
    stuckAt = hwid;
  });
  driver.on('fault', ({ code, button }) => {
    fault = { code, mono: now() };
    if (button !== null && code === 'stuck') stuck.add(button + 1);
    if (code === 'stuck-cleared') {
      if (button === null) stuck.clear();
      else stuck.delete(button + 1);
    }
    changed();
  });
  return () => ({
    ...{ family: spec.family, path: spec.path },
    ...{ hwid: driver.identity?.hwid ?? null, firmware: driver.identity?.firmware || null },
    capabilities: Object.entries(driver.capabilities).map(([name, value]) =>
      typeof value === 'boolean' ? `${value ? '' : 'no-'}${name}` : `${name}-${value}`.slice(0, 30),
    ),
    stuck: [...stuck].sort((a, b) => a - b),
    lastFault: fault && { code: fault.code, agoMs: Math.max(0, Math.round(now() - fault.mono)) },
  });
}
