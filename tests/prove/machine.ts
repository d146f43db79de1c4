/* Purpose: what this machine offers to fault runs; each answer is the reason why not, or null. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Said } from './run.ts';

/** A program on PATH; root's folders are looked at too, since xfs tools lie there. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const found = folders.find((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return found === undefined ? null : join(found, name);
}

export function needsPrograms(...names: readonly string[]): Said | null {
  const missing = names.filter((name) => findProgram(name) === null);
  if (missing.length === 0) return null;
  return { vi: `thiếu ${missing.join(', ')}`, en: `${missing.join(', ')} missing` };
}

export function needsRoot(): Said | null {
  return process.getuid?.() === 0 ? null : { vi: 'cần quyền root', en: 'root is needed' };
}

export function needsLoopDevices(): Said | null {
  return existsSync('/dev/loop-control')
    ? null
    : { vi: 'không có thiết bị loop', en: 'there are no loop devices' };
}

export function needsFile(...files: readonly string[]): Said | null {
  return files.some((file) => existsSync(file))
    ? null
    : { vi: `thiếu ${files[0]}`, en: `${files[0]} missing` };
}

/** Lets go of whatever a worker that was killed left mounted in its folder. */
export function unmountBelow(folder: string): void {
  if (!existsSync('/proc/mounts')) return;
  const mounted = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${folder}/`));
  for (const path of mounted.reverse()) execFileSync(findProgram('umount') ?? 'umount', ['-l', path]);
}
