/**
 * Purpose: the serial ports of this machine by names that stay: `/dev/serial/by-id`, by-path for chips without a serial
 *          number, COMn on Windows. Read from the file system, since serialport's own list ends the process where udevadm is missing.
 * Refuses: `ttyUSB0` where a stable name exists: the number changes with the order of plugging.
 * Document: firmware-notes/bench-notes.md, "Naming the port".
 */
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { nativePorts } from './serialport-transport.ts';

export type SerialPortInfo = {
  /** What to configure. */
  readonly path: string;
  /** What it is now, e.g. `/dev/ttyUSB0`. */
  readonly device: string;
  /** `device`: no stable name is known. */
  readonly name: 'by-id' | 'by-path' | 'com' | 'device';
  /** Of the USB device, as far as it says: `2341:0043 Arduino Uno`. */
  readonly label: string;
};

const PORT = /^tty(USB|ACM)\d+$/;
/** From the port's node in sysfs up to the USB device that has the vendor. */
const SYSFS_STEPS = 6;

export async function listSerialPorts(): Promise<SerialPortInfo[]> {
  if (process.platform === 'linux') return linuxPorts('/');
  return (await nativePorts()).map(({ path, label }) => {
    const name = process.platform === 'win32' ? 'com' : 'device';
    return { path, device: path, name, label } as const;
  });
}

/** `root`: where `dev` and `sys` are. */
export function linuxPorts(root: string): SerialPortInfo[] {
  const byId = links(join(root, 'dev/serial/by-id'));
  const byPath = links(join(root, 'dev/serial/by-path'));
  const plain = names(join(root, 'dev')).filter((name) => PORT.test(name));
  const devices = new Set([
    ...byId.keys(),
    ...byPath.keys(),
    ...plain.map((name) => join(root, 'dev', name)),
  ]);
  return [...devices].sort().map((device) => {
    const usb = usbOf(root, basename(device));
    const id = byId.get(device);
    const path = byPath.get(device);
    // Two chips without a serial number have the same name by id: whichever was plugged in last.
    const best = usb.serial === '' && path !== undefined ? undefined : id;
    const label = usb.label;
    if (best !== undefined) return { path: best, device, name: 'by-id', label };
    if (path !== undefined) return { path, device, name: 'by-path', label };
    return { path: device, device, name: 'device', label };
  });
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Device behind each link → the link. */
function links(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of names(folder)) {
    try {
      found.set(realpathSync(join(folder, name)), join(folder, name));
    } catch {
      // It went while we looked.
    }
  }
  return found;
}

function usbOf(root: string, tty: string): { serial: string; label: string } {
  const read = (folder: string, file: string): string => {
    try {
      return readFileSync(join(folder, file), 'utf8').trim();
    } catch {
      return '';
    }
  };
  try {
    let folder = realpathSync(join(root, 'sys/class/tty', tty, 'device'));
    for (let step = 0; step < SYSFS_STEPS; step += 1) {
      const vendor = read(folder, 'idVendor');
      if (vendor !== '') {
        const product = [read(folder, 'manufacturer'), read(folder, 'product')].filter((text) => text !== '');
        const label = [`${vendor}:${read(folder, 'idProduct')}`, ...product].join(' ');
        return { serial: read(folder, 'serial'), label };
      }
      folder = dirname(folder);
    }
  } catch {
    // Not of USB, or gone.
  }
  return { serial: '', label: '' };
}
