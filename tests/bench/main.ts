/*
 * Purpose: `npm run bench`: measures the works found under works/, each figure beside its comparator, and says whether
 * every bar holds. Exit codes: 0 every bar holds, 1 one does not or a work failed, 2 usage.
 * With --json one object a line on stdout; everything for people goes to stderr, or is the table.
 */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Figure, Work } from './figures.ts';

const folder = new URL('./works/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

const USAGE = `npm run bench -- [--quick] [--only NAME]… [--json]

  Đo từng việc cạnh cái để so, trong cùng một lần chạy. / Measures each work beside its comparator in one run.

  --quick       lượng nhỏ, chỉ để biết là chạy được / small amounts, only to prove that it runs
  --only NAME   ${names.join(' | ')}
  --json        mỗi dòng một đối tượng / one object a line:
                {"work","value","unit","beside","besideValue","ratio","bar","holds"}

  Mã thoát / exit codes: 0 mọi mức đều đạt, every bar holds · 1 có mức không đạt, one does not · 2 sai cách dùng, usage
`;

interface Asked {
  readonly quick: boolean;
  readonly json: boolean;
  readonly only: readonly string[];
}

function readOptions(args: readonly string[]): Asked | 'help' | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return 'help';
    if (values.only.some((name) => !names.includes(name))) return null;
    return { quick: values.quick, json: values.json, only: values.only };
  } catch {
    return null;
  }
}

function row(figure: Figure): string {
  const amount = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 4 });
  const mark = figure.holds === null ? ' ' : figure.holds ? '✓' : '✗';
  return [
    `${mark} ${figure.work.padEnd(24)}`,
    `${amount(figure.value)} ${figure.unit}`.padEnd(20),
    `${amount(figure.besideValue)} (${figure.beside})`.padEnd(44),
    `× ${amount(figure.ratio)}`.padEnd(10),
    figure.bar ?? '',
  ].join(' ');
}

async function main(): Promise<number> {
  const asked = readOptions(process.argv.slice(2));
  if (asked === 'help' || asked === null) {
    (asked ? process.stdout : process.stderr).write(USAGE);
    return asked ? 0 : 2;
  }
  const say = (text: string) => process.stderr.write(`${text}\n`);
  if (asked.quick)
    say('Bản nhanh: lượng nhỏ, số đo không nói gì về tốc độ. / Quick: small amounts, no measure of speed.');
  let holds = true;
  for (const name of asked.only.length > 0 ? asked.only : names) {
    const { work } = (await import(new URL(`${name}.ts`, folder).href)) as { work: Work };
    try {
      const figures = await work.measure({ quick: asked.quick, say: (text) => say(`  ${name}: ${text}`) });
      for (const each of figures) {
        process.stdout.write(`${asked.json ? JSON.stringify(each) : row(each)}\n`);
        if (each.holds === false) holds = false;
      }
    } catch (error) {
      say(`✗ ${name}: ${error instanceof Error ? error.stack : String(error)}`);
      holds = false;
    }
  }
  return holds ? 0 : 1;
}

process.exitCode = await main();
