/*
 * Purpose: two disks that fail on request: one that gets full (tmpfs of a given size and a file that takes the rest), and
 * one that turns read-only under its programs, as a kernel does after an error (ext4 on a loop device).
 * Refuses: nothing; needs root, the second also loop devices.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../support/poll.ts';
import { freeze, LET_GO_MS, runTool } from './cut-disk.ts';
import { needsLoopDevices, needsPrograms, needsRoot } from './machine.ts';
import type { Said } from './run.ts';

const MEGABYTE = 1_048_576;
const EXT4_BYTES = 96 * MEGABYTE;

export const failingDisksImpossible = (): Said | null =>
  needsRoot() ?? needsPrograms('mkfs.ext4', 'mount', 'umount') ?? needsLoopDevices();

async function unmount(path: string): Promise<void> {
  const unmounted = () => {
    runTool('umount', path);
    return true;
  };
  await poll(unmounted, { what: `${path} to be let go`, timeoutMs: LET_GO_MS, everyMs: 100 });
}

export class FullDisk implements AsyncDisposable {
  readonly path: string;
  readonly #filler: string;

  private constructor(path: string) {
    this.path = path;
    this.#filler = join(path, 'somebody-elses-file');
  }

  static make(path: string, megabytes: number): FullDisk {
    mkdirSync(path, { recursive: true });
    runTool('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path);
    return new FullDisk(path);
  }

  /** Somebody else's file takes what is left, to the last page. */
  fill(): void {
    const file = openSync(this.#filler, 'a');
    try {
      for (const size of [MEGABYTE, 4_096]) {
        const bytes = Buffer.alloc(size, 1);
        for (;;) if (writeSync(file, bytes) < size) break;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  empty(): void {
    rmSync(this.#filler);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await unmount(this.path).catch(() => runTool('umount', '-l', this.path));
  }
}

export class ReadOnlyDisk implements AsyncDisposable {
  readonly path: string;
  #image: string;

  private constructor(path: string) {
    this.path = path;
    this.#image = `${path}.img`;
  }

  static make(path: string): ReadOnlyDisk {
    const disk = new ReadOnlyDisk(path);
    mkdirSync(path, { recursive: true });
    const file = openSync(disk.#image, 'w');
    ftruncateSync(file, EXT4_BYTES);
    closeSync(file);
    runTool('mkfs.ext4', '-q', disk.#image);
    disk.#mount();
    return disk;
  }

  #mount(): void {
    runTool('mount', '-o', 'loop', this.#image, this.path);
  }

  /** Read-only under running programs, between two of their calls; they go on. */
  async fail(pids: readonly number[]): Promise<void> {
    await freeze(pids);
    runTool('mount', '-o', 'remount,abort', this.path);
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }

  /**
   * Mended and writable. Everyone who had files open must have ended. A copy of its bytes, as in cut-disk.ts: the same image
   * would come back read-only as long as a mount namespace that anybody made meanwhile keeps the old mount.
   */
  async mend(): Promise<void> {
    await unmount(this.path);
    const before = this.#image;
    this.#image = `${this.path}.mended.img`;
    runTool('cp', '--sparse=always', before, this.#image);
    rmSync(before);
    this.#mount();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await unmount(this.path).catch(() => runTool('umount', '-l', this.path));
    rmSync(this.#image, { force: true });
  }
}
