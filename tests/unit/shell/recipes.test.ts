/*
 * The recipes' units are what systemd understands, and no weaker than they were. What needs a machine of its own is marked
 * "not run here" in them. Where there is no systemd-analyze this says so.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCommandLine as readAgent } from '../../../kiosk-app/agent/command-line.ts';
import { readCommandLine as readShell } from '../../../kiosk-app/shell/command-line.ts';
import { inRepo } from '../../support/paths.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const folder = inRepo('kiosk-app/recipes/debian');
const units = readdirSync(folder).filter((name) => name.endsWith('.service'));
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
const noSystemd = spawnSync('systemd-analyze', ['--version']).status !== 0;

/** Exposure as `systemd-analyze security` counts it, 0 to 10: what ships may not get weaker. */
const EXPOSED_MAX: Readonly<Record<string, number>> = {
  'hailong-agent.service': 1.8,
  'hailong-shell-cage.service': 6.1,
  'hailong-shell-x.service': 6.1,
};

test('every command of a unit is one that our programs understand', () => {
  for (const name of units) {
    const command = /^ExecStart=(.+)$/m.exec(textOf(name))?.[1] ?? '';
    const values: Readonly<Record<string, string>> = { HUB: 'https://hub.example', PANEL: 'none' };
    const words = command.replace(/\$\{(\w+)\}/g, (_all, name: string) => values[name] ?? '').split(' ');
    const from = words.findIndex((word) => word.endsWith('/hailong-kiosk.js'));
    const own = words.slice(from + 1);
    const until = own.indexOf('--');
    const args = until < 0 ? own : own.slice(0, until);
    const read = args[0] === 'shell' ? readShell(args) : readAgent(args);
    expect(read.kind, `${name}: ${args.join(' ')}`).toBe(args[0]);
  }
});

test('systemd understands them, and they give away as little as before', async (context) => {
  if (noSystemd) context.skip('no systemd-analyze here');
  await using temp = await tempFolder('units');
  await mkdir(join(temp.path, 'units'));
  for (const name of units) {
    // What stands elsewhere on a kiosk is replaced by what is here: systemd looks whether programs exist.
    const text = textOf(name)
      .replaceAll('/opt/hailong', inRepo().replace(/\/$/, ''))
      .replaceAll(/\/usr\/bin\/(cage|xinit)/g, (path) => (existsSync(path) ? path : '/bin/true'));
    await writeFile(join(temp.path, 'units', name), text);
  }
  const paths = units.map((name) => join(temp.path, 'units', name));
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], { encoding: 'utf8' });
  const ours = verified.stderr.split('\n').filter((line) => line.includes('hailong'));
  expect(ours).toEqual([]);
  for (const name of units) {
    const said = execFileSync(
      'systemd-analyze',
      ['security', '--offline=true', '--no-pager', join(temp.path, 'units', name)],
      { encoding: 'utf8' },
    );
    const level = Number(/exposure level for [^:]+: ([\d.]+)/.exec(said)?.[1]);
    expect(level, name).toBeLessThanOrEqual(EXPOSED_MAX[name] ?? 0);
  }
});

test('the USB list ends by switching off what it does not name', () => {
  const lines = textOf('90-hailong-usb.rules')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines.slice(0, 3).every((line) => line.includes('!=') && line.endsWith('GOTO="hailong_end"'))).toBe(
    true,
  );
  expect(lines.slice(-2)).toEqual(['ATTR{authorized}="0"', 'LABEL="hailong_end"']);
});
