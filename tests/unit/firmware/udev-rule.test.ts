/* The udev rule file: every rule is complete, one a line, and keeps ModemManager away. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inRepo } from '../../support/paths.ts';

const lines = readFileSync(inRepo('firmware-notes/70-hailong-panel.rules'), 'utf8').split('\n');
const rules = lines.filter((line) => line !== '' && !line.startsWith('#'));

test('names the usual chips', () => expect(rules).toHaveLength(4));

test.each(rules)('%s', (rule) => {
  const parts = rule
    .split(', ')
    .map((part) => /^([A-Za-z]+(?:\{[A-Za-z_]+\})?)(==|\+=|=)"([^"]+)"$/.exec(part));
  const keys = parts.map((part) => part && `${part[1]}${part[2]}`);
  expect(keys).toEqual([
    'SUBSYSTEM==',
    'ATTRS{idVendor}==',
    'ATTRS{idProduct}==',
    'SYMLINK+=',
    'GROUP=',
    'MODE=',
    'ENV{ID_MM_DEVICE_IGNORE}=',
  ]);
  const values = parts.map((part) => part?.[3] ?? '');
  expect(values[0]).toBe('tty');
  for (const id of values.slice(1, 3)) expect(id).toMatch(/^[0-9a-f]{4}$/);
  expect(values.slice(3)).toEqual(['rating-panel', 'dialout', '0660', '1']);
});
