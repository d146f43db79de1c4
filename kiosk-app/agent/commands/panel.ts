/**
 * Purpose: `hailong-kiosk panel list | test | setup`: the ports of this machine, a panel tried on the command line, and the
 *   guided page.
 * Refuses: test and setup beside an agent that serves on the data folder (its lock); setup's page is open only while the
 *   command runs, behind a token printed by it.
 * Document: firmware-notes/families.md, "Set-up".
 */
import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPanelDriver } from '@hailong/device-drivers/panel/open-panel.ts';
import { listSerialPorts } from '@hailong/device-drivers/panel/serial-ports.ts';
import { CodedError, ERRORS } from '@hailong/shared/errors.ts';
import type { PanelConfig } from '@hailong/shared/model/panel-config.ts';
import { systemClock } from '../adapters/clock.ts';
import { systemIds } from '../adapters/ids.ts';
import { panelFileIn, readPanelFile, writePanelFile } from '../adapters/panel/panel-file.ts';
import { openSetupDoor } from '../adapters/setup-door.ts';
import { lockData } from '../adapters/sqlite/data-lock.ts';
import type { Reporter } from '../application/ports.ts';
import { PanelSetup } from '../application/set-up-panel.ts';
import type { PanelCommand } from '../command-line.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export async function panelCommand(command: PanelCommand, report: Reporter): Promise<void> {
  switch (command.verb) {
    case 'list':
      return list(report);
    case 'test':
      return test(command, report);
    case 'setup':
      return setup(command, report);
  }
}

async function list(report: Reporter): Promise<void> {
  const ports = await listSerialPorts();
  for (const port of ports) {
    report.line({ event: 'port', ...port });
    report.say(`${port.path} → ${port.device}`, port.label);
  }
  if (ports.length === 0)
    report.say('Không thấy cổng nối tiếp nào.', 'No serial port was found: plug the panel in.');
}

/** Until a signal, or after `seconds`. Fails when the panel was never ready. */
async function test({ data, panel, seconds }: PanelCommand, report: Reporter): Promise<void> {
  const config = configOf(data, panel);
  const driver = openPanelDriver(config);
  if (driver === null) throw new CodedError('panel.config_invalid', config.family);
  let wasReady = false;
  const arm = async (): Promise<void> => {
    await driver.disarm(0);
    const askTicket = randomInt(1, 0xffff_ffff);
    await driver.arm({
      askTicket,
      mask: (1 << (driver.identity?.buttons ?? 0)) - 1,
      singleShot: true,
      timeoutMs: 3_600_000,
    });
  };
  driver.on('ready', ({ hwid, firmware, buttons }) => {
    wasReady = true;
    report.line({ event: 'ready', hwid, firmware, buttons, capabilities: driver.capabilities });
    report.say(`Sẵn sàng (${hwid}). Bấm từng nút.`, `Ready (${hwid}). Press each button.`);
    void arm();
  });
  driver.on('state', ({ state }) => report.line({ event: 'state', state }));
  driver.on('press', (press) => {
    driver.acknowledge(press);
    const button = press.button + 1;
    report.line({ event: 'press', button, chord: press.flags.chord });
    report.say(`Nút ${button}.`, `Button ${button}.`);
    void arm();
  });
  driver.on('fault', ({ code, button }) => {
    report.line({ event: 'fault', code, button: button === null ? null : button + 1 });
    report.say(`Lỗi bộ nút: ${code}.`, `Panel fault: ${code}.`);
  });
  driver.start();
  await ended(seconds);
  await driver.stop();
  if (!wasReady) throw new CodedError('panel.unavailable', 'path' in config ? config.path : '');
}

async function setup({ data, uiPort }: PanelCommand, report: Reporter): Promise<void> {
  const folder = resolve(data ?? '');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = lockData(folder);
  const file = panelFileIn(folder);
  try {
    const session = new PanelSetup({
      listPorts: listSerialPorts,
      open: openPanelDriver,
      saved: savedIn(file, report),
      save: (config) => writePanelFile(file, config),
      monotonic: systemClock().monotonic,
      tell: (message) => door?.tell(message),
    });
    const token = `${systemIds.nonce()}${systemIds.nonce()}`;
    let door: Awaited<ReturnType<typeof openSetupDoor>> | null = null;
    door = await openSetupDoor({
      ...{ port: uiPort, token, pages: here('../../dist/setup') },
      joined: (send) => send({ type: 'view', view: session.view }),
      message: (message) => session.hear(message),
    });
    report.line({ event: 'ready', ui: door.address });
    report.say(
      `Mở trong trình duyệt của máy này: ${door.address}`,
      `Open in this machine’s browser: ${door.address}`,
    );
    await ended(null);
    await session.stop();
    await door.close();
  } finally {
    lock.release();
  }
}

function configOf(data: string | null, panel: PanelCommand['panel']): PanelConfig {
  if (panel !== null && panel.family !== 'file') return panel;
  const file = panel?.path ?? panelFileIn(resolve(data ?? ''));
  const config = readPanelFile(file);
  if (config === null) throw new CodedError('panel.config_invalid', file);
  return config;
}

/** A file that cannot be used is what the technician came for: said, and set up anew. */
function savedIn(file: string, report: Reporter): PanelConfig | null {
  try {
    return readPanelFile(file);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const { vi, en } = ERRORS[error.code];
    report.say(`${vi} ${error.detail ?? ''}`, en);
    return null;
  }
}

function ended(seconds: number | null): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done());
    if (seconds !== null) setTimeout(done, seconds * 1_000);
  });
}
