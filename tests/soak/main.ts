/*
 * Purpose: `npm run soak`: real firmware, real driver, real disk, and everything that can go wrong with a panel.
 *   Exit codes: 0 the bar holds, 1 it does not, 2 usage, 4 what it needs is not on this machine.
 * With --json the last line of stdout is the figures; everything for people goes to stderr.
 * Document: firmware-notes/bench-notes.md, "The soak" and "The fuzz".
 */
import { parseArgs } from 'node:util';
import { buildFirmware, withoutAvrGcc } from '../support/firmware/build.ts';
import { buildEmulator, withoutSimavr } from './emulator.ts';
import { fuzz } from './fuzz.ts';
import { soak } from './soak.ts';

const USAGE = `npm run soak -- [--presses N] [--counters N] [--fuzz BYTES] [--seed N] [--json]

  --presses N   số lần bấm qua vi chương trình, cổng nối tiếp và ổ đĩa / presses through firmware, port and disk (10000)
  --counters N  số quầy chạy song song / counters side by side (4)
  --fuzz BYTES  thay vào đó: từng ấy byte hỏng vào trình điều khiển / instead: that many bad bytes into the driver
  --seed N      lặp lại một lần chạy / repeats the choices of a run
  --json        dòng cuối là một đối tượng / the last line is one object:
                {"presses","stored","lost","wrong","doubled","unfinished","p50Ms","p99Ms","holds"}
                {"bytes","frames","presses","false","lost","collisions","heapMb","grewMb","holds"}

  Mã thoát / exit codes: 0 đạt, the bar holds · 1 không đạt, it does not · 2 sai cách dùng, usage · 4 thiếu chương trình, a program is missing
`;

const COUNTERS_MAX = 16;
const say = (text: string) => process.stderr.write(`${text}\n`);
const showEveryMs = process.stderr.isTTY === true ? 2_000 : 15_000;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        presses: { type: 'string', default: '10000' },
        counters: { type: 'string', default: '4' },
        fuzz: { type: 'string' },
        seed: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const whole = (text: string, least: number, most: number) => {
      const value = Number(text);
      if (!Number.isInteger(value) || value < least || value > most) throw new RangeError(text);
      return value;
    };
    return {
      help: values.help,
      json: values.json,
      presses: whole(values.presses, 1, 10_000_000),
      counters: whole(values.counters, 1, COUNTERS_MAX),
      seed: whole(values.seed, 0, 0xffff_ffff),
      fuzz: values.fuzz === undefined ? null : whole(values.fuzz, 1, 1e12),
    };
  } catch {
    return null;
  }
}

function show(figures: object & { holds: boolean }, json: boolean): number {
  if (json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else
    for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(12)}${value}\n`);
  return figures.holds ? 0 : 1;
}

async function main(): Promise<number> {
  const asked = readOptions();
  if (asked === null || asked.help) {
    (asked ? process.stdout : process.stderr).write(USAGE);
    return asked ? 0 : 2;
  }
  if (asked.fuzz !== null)
    return show(await fuzz({ bytes: asked.fuzz, seed: asked.seed, say, showEveryMs }), asked.json);
  const firmware = buildFirmware(5);
  const emulator = buildEmulator();
  if (firmware === undefined || emulator === undefined) {
    say(firmware === undefined ? withoutAvrGcc : withoutSimavr);
    return 4;
  }
  const { presses, counters, seed } = asked;
  const soaked = await soak({
    presses,
    counters: Math.min(counters, presses),
    seed,
    emulator,
    firmware,
    say,
    showEveryMs,
  });
  return show(soaked, asked.json);
}

process.exitCode = await main();
