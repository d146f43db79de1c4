/* Names of ports that stay (bench-notes.md, "Naming the port"), on a tree of files as Linux makes it. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linuxPorts } from '@hailong/device-drivers/panel/serial-ports.ts';
import { expect, test } from 'vitest';
import { tempFolder } from '../../support/temp-folder.ts';

test('by-id where the chip has a serial number, by-path where it has none, the device where there is nothing', async () => {
  await using folder = await tempFolder('ports');
  const root = folder.path;
  const make = (...parts: string[]) => mkdirSync(join(root, ...parts), { recursive: true });
  make('dev/serial/by-id');
  make('dev/serial/by-path');
  const plug = (tty: string, usb: Record<string, string> | null, names: Record<string, string>) => {
    writeFileSync(join(root, 'dev', tty), '');
    for (const [kind, name] of Object.entries(names))
      symlinkSync(`../../${tty}`, join(root, `dev/serial/${kind}`, name));
    if (usb === null) return;
    const device = `sys/devices/usb1/${tty}-dev`;
    make(device, 'if0');
    make('sys/class/tty', tty);
    for (const [file, text] of Object.entries(usb)) writeFileSync(join(root, device, file), `${text}\n`);
    symlinkSync(join(root, device, 'if0'), join(root, 'sys/class/tty', tty, 'device'));
  };
  plug(
    'ttyACM0',
    { idVendor: '2341', idProduct: '0043', product: 'Uno', serial: '95530' },
    { 'by-id': 'usb-Arduino_95530-if00', 'by-path': 'pci-usb-1' },
  );
  plug(
    'ttyUSB0',
    { idVendor: '1a86', idProduct: '7523', product: 'USB Serial' },
    { 'by-id': 'usb-1a86_USB_Serial-if00', 'by-path': 'pci-usb-2' },
  );
  plug('ttyUSB1', null, {});
  symlinkSync('../../ttyGONE', join(root, 'dev/serial/by-id/usb-gone'));
  expect(linuxPorts(root).map(({ path, name, label }) => [path.slice(root.length), name, label])).toEqual([
    ['/dev/serial/by-id/usb-Arduino_95530-if00', 'by-id', '2341:0043 Uno'],
    ['/dev/serial/by-path/pci-usb-2', 'by-path', '1a86:7523 USB Serial'],
    ['/dev/ttyUSB1', 'device', ''],
  ]);
  expect(linuxPorts(join(root, 'nowhere'))).toEqual([]);
});
