/* The panel's address as an operator types it (bench-notes.md, "Naming the port"). */
import { parsePanelSpec } from '@hailong/device-drivers/panel/panel-spec.ts';
import { describe, expect, it } from 'vitest';

describe('panel address', () => {
  it.each([
    ['none', { family: 'none' }],
    ['cpp1:/dev/pts/3', { family: 'cpp1', path: '/dev/pts/3' }],
    ['cpp1:/dev/serial/by-path/pci-0:1:2', { family: 'cpp1', path: '/dev/serial/by-path/pci-0:1:2' }],
    ['cpp1:COM7', { family: 'cpp1', path: 'COM7' }],
  ])('%s', (text, spec) => expect(parsePanelSpec(text)).toEqual({ ok: true, spec }));

  it.each([
    ['', 'panel-family-unknown'],
    ['modbus:/dev/ttyS0', 'panel-family-unknown'],
    ['/dev/ttyS0', 'panel-family-unknown'],
    ['cpp1', 'panel-path-invalid'],
    ['cpp1:', 'panel-path-invalid'],
    ['cpp1:ttyUSB0', 'panel-path-invalid'],
  ])('refuses %j', (text, code) => expect(parsePanelSpec(text)).toEqual({ ok: false, code }));
});
