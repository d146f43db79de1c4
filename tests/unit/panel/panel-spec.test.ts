/* The panel's address as an operator types it (families.md, "Where the configuration is"). */
import { parsePanelSpec } from '@hailong/device-drivers/panel/panel-spec.ts';
import { LINE_PROFILES, WEDGE_PROFILES } from '@hailong/shared/model/panel-profiles.ts';
import { describe, expect, it } from 'vitest';

describe('panel address', () => {
  it.each([
    ['none', { family: 'none' }],
    ['cpp1:/dev/pts/3', { family: 'cpp1', path: '/dev/pts/3', hwid: null }],
    [
      'cpp1:/dev/serial/by-path/pci-0:1:2',
      { family: 'cpp1', path: '/dev/serial/by-path/pci-0:1:2', hwid: null },
    ],
    ['cpp1:COM7', { family: 'cpp1', path: 'COM7', hwid: null }],
    ['file:/etc/hailong/panel.json', { family: 'file', path: '/etc/hailong/panel.json' }],
    [
      'line-ascii:line-digits:/dev/serial/by-path/pci-0:1:2',
      {
        ...LINE_PROFILES.find(({ key }) => key === 'line-digits')?.config,
        path: '/dev/serial/by-path/pci-0:1:2',
      },
    ],
    ['hid-wedge:keys-numpad', WEDGE_PROFILES.find(({ key }) => key === 'keys-numpad')?.config],
  ])('%s', (text, spec) => expect(parsePanelSpec(text)).toEqual({ ok: true, spec }));

  it.each([
    ['', 'panel-family-unknown'],
    ['modbus:/dev/ttyS0', 'panel-family-unknown'],
    ['/dev/ttyS0', 'panel-family-unknown'],
    ['cpp1', 'panel-path-invalid'],
    ['cpp1:', 'panel-path-invalid'],
    ['cpp1:ttyUSB0', 'panel-path-invalid'],
    ['line-ascii:/dev/ttyUSB0', 'panel-profile-unknown'],
    ['line-ascii:line-digits:ttyUSB0', 'panel-path-invalid'],
    ['hid-wedge:', 'panel-profile-unknown'],
    ['file:', 'panel-path-invalid'],
  ])('refuses %j', (text, code) => expect(parsePanelSpec(text)).toEqual({ ok: false, code }));
});
