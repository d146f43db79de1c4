/*
 * Purpose: a disk whose power can be cut: an xfs image on a loop device. The cut is xfs's own shutdown without a flush of
 * its log: what was not fsynced is gone, and the next mount recovers like after a real power cut. A processor stops with
 * its disk, so the programs are stopped first: an fsync that is under way while xfs is shut down may answer 0 although
 * nothing was written (Linux 6.18: a bare pwrite and fsync lost its last acknowledged block in 17 of 120 such cuts, in 0
 * of 120 with the writers stopped before).
 * Refuses: nothing; needs root, loop devices and xfsprogs (see machine.ts).
 */
import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../support/poll.ts';
import { findProgram, needsLoopDevices, needsPrograms, needsRoot } from './machine.ts';
import type { Said } from './run.ts';

/** mkfs.xfs refuses less than 300 MB. */
const BYTES = 320 * 1024 * 1024;
/** A thread inside an fsync stops only when the machine's own disk has written what others, too, wait for. */
export const LET_GO_MS = 60_000;

export const cutDiskImpossible = (): Said | null =>
  needsRoot() ?? needsPrograms('mkfs.xfs', 'xfs_io', 'mount', 'umount') ?? needsLoopDevices();

export function runTool(name: string, ...args: readonly string[]): void {
  execFileSync(findProgram(name) ?? name, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Stops programs between two calls; what they had begun ends first. */
export async function freeze(pids: readonly number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await poll(() => pids.every(isStopped), { what: 'the programs to stop', timeoutMs: LET_GO_MS, everyMs: 1 });
}

/** Every thread of it: one may still be inside an fsync. */
function isStopped(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
  });
}

export class CutDisk implements AsyncDisposable {
  readonly path: string;
  #image: string;
  #cuts = 0;
  #mounted = false;

  private constructor(folder: string) {
    this.path = join(folder, 'disk');
    this.#image = join(folder, 'disk.img');
  }

  static make(folder: string): CutDisk {
    const disk = new CutDisk(folder);
    mkdirSync(disk.path);
    const file = openSync(disk.#image, 'w');
    ftruncateSync(file, BYTES);
    closeSync(file);
    runTool('mkfs.xfs', '-q', disk.#image);
    disk.#mount();
    return disk;
  }

  #mount(): void {
    runTool('mount', '-o', 'loop,nouuid', this.#image, this.path);
    this.#mounted = true;
  }

  /** The power goes: the programs on it stop between two calls, then the disk. They must be killed before it comes back. */
  async cut(pids: readonly number[]): Promise<void> {
    await freeze(pids);
    runTool('xfs_io', '-x', '-c', 'shutdown', this.path);
  }

  /**
   * The power is back: mounted anew, with xfs's recovery. Everyone who had files open must have ended. What comes back is
   * a copy of the bytes on the disk: a mount namespace that anybody made meanwhile keeps the old mount, and the same
   * image would come back as that one, still shut down.
   */
  async again(): Promise<void> {
    await this.#unmount();
    const before = this.#image;
    this.#image = `${before.replace(/\.\d+$/, '')}.${++this.#cuts}`;
    runTool('cp', '--sparse=always', before, this.#image);
    rmSync(before);
    this.#mount();
  }

  /** A process that was killed may still be letting go of its files. */
  async #unmount(): Promise<void> {
    const unmounted = () => {
      runTool('umount', this.path);
      return true;
    };
    await poll(unmounted, { what: `${this.path} to be let go`, timeoutMs: LET_GO_MS, everyMs: 100 });
    this.#mounted = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#mounted) await this.#unmount().catch(() => runTool('umount', '-l', this.path));
  }
}
