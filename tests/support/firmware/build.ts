/*
 * The reference firmware, built as its Makefile says, once for each state of its sources and each number of buttons:
 * tests/.cache/firmware/<digest>. Undefined where Debian's avr-gcc is not installed; the tests then say so and skip.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inRepo } from '../paths.ts';

const sources = inRepo('firmware-notes/firmware');

export interface Firmware {
  readonly folder: string;
  readonly hex: string;
  readonly elf: string;
  /** Program and constants, bytes of 32,768. */
  readonly flashBytes: number;
  /** Variables, bytes of 2,048; the stack comes on top. */
  readonly ramBytes: number;
  /** Address of a variable in data memory. */
  address(variable: string): number;
}

export const withoutAvrGcc = 'no avr-gcc here (Debian: apt-get install gcc-avr avr-libc binutils-avr make)';

export function buildFirmware(buttons = 5): Firmware | undefined {
  const tools = ['avr-gcc', 'avr-objcopy', 'avr-size', 'make'];
  const versions = tools.map((tool) => spawnSync(tool, ['--version'], { encoding: 'utf8' }));
  if (versions.some(({ status }) => status !== 0)) return undefined;
  const digest = createHash('sha256').update(`${buttons}\n${versions.map(({ stdout }) => stdout).join()}`);
  for (const name of readdirSync(sources).toSorted()) digest.update(readFileSync(join(sources, name)));
  const cache = inRepo('tests/.cache/firmware');
  const folder = join(cache, digest.digest('hex').slice(0, 16));
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const making = mkdtempSync(join(cache, 'making-'));
    compileFirmware(making, buttons);
    try {
      renameSync(making, folder);
    } catch (error) {
      // Another test was quicker.
      if (!existsSync(folder)) throw error;
      rmSync(making, { recursive: true });
    }
  }
  return firmwareIn(folder);
}

/** Runs the Makefile; its messages go into the error. */
export function compileFirmware(out: string, buttons: number): void {
  const args = ['-s', '-C', sources, `OUT=${out}`, `BUTTONS=${buttons}`];
  const made = spawnSync('make', args, { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`make ${args.join(' ')}\n${made.stdout}${made.stderr}`);
}

function firmwareIn(folder: string): Firmware {
  const elf = join(folder, 'panel.elf');
  const [, sizes = ''] = execFileSync('avr-size', [elf], { encoding: 'utf8' }).split('\n');
  const [text = 0, data = 0, bss = 0] = sizes.trim().split(/\s+/).map(Number);
  const names = execFileSync('avr-nm', [elf], { encoding: 'utf8' }).split('\n');
  return {
    folder,
    elf,
    hex: join(folder, 'panel.hex'),
    flashBytes: text + data,
    ramBytes: data + bss,
    address: (variable) => {
      // Optimised as a whole, a variable of one file gets a suffix.
      const found = names.filter((one) => one.slice(11).replace(/\.lto_priv\.\d+$/, '') === variable);
      const [line] = found;
      if (line === undefined || found.length > 1) throw new Error(`${found.length} variables ${variable}`);
      return Number.parseInt(line.slice(0, 8), 16) & 0xffff;
    },
  };
}

/** The program words of an Intel HEX file. */
export function readHex(path: string): Uint16Array {
  const bytes = new Uint8Array(32_768).fill(0xff);
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (!line.startsWith(':') || line.slice(7, 9) !== '00') continue;
    const at = Number.parseInt(line.slice(3, 7), 16);
    bytes.set(Buffer.from(line.slice(9, 9 + 2 * Number.parseInt(line.slice(1, 3), 16)), 'hex'), at);
  }
  return new Uint16Array(bytes.buffer);
}
