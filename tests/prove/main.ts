/*
 * Purpose: `npm run prove`: finds the runs, does what is left of each, shows how far it is, and judges. Each run is a
 * file of tests/prove/runs. Exit 1 when one does not hold.
 * Refuses: unknown words (2).
 * Document: tests/prove/README.md.
 */
// First: what it starts must not take the pipe of who started it for its own.
import '../../scripts/watch-parent.js';
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inRepo } from '../support/paths.ts';
import { runPool } from './pool.ts';
import { forgetProgress, loadProgress, noProgress, saveProgress, sourceKey, withChunk } from './progress.ts';
import { joined, largest, median, type ProveRun, type Totals, whyNot } from './run.ts';

const USAGE = `npm run prove [-- --quick] [--only NAME]… [--count N] [--fresh] [--json]

  --quick      mẫu nhỏ, dưới 3 phút / a small sample, under 3 minutes
  --only NAME  chỉ phần này / this run only: NAMES
  --count N    số bước thay cho số đầy đủ / steps instead of the full number
  --fresh      bắt đầu lại / forgets what was done before
  --json       mỗi phần một dòng JSON / one JSON line a run
`;

/** As the issue lists them; a new file comes after these. */
const ORDER = [
  'histories',
  'kills',
  'powercuts',
  'control',
  'restore',
  'mutations',
  'bitflips',
  'clock',
  'proxy',
  'diskfull',
  'footage',
  'escapes',
  'escapes-control',
  'evidence',
];
const place = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
const names = readdirSync(inRepo('tests/prove/runs'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
  .sort((one, other) => place(one) - place(other) || one.localeCompare(other));

const SAVE_EVERY_MS = 2_000;
const SHOW_EVERY_MS = process.stderr.isTTY === true ? 500 : 15_000;

interface Options {
  readonly quick: boolean;
  readonly only: readonly string[];
  readonly count: number | null;
  readonly fresh: boolean;
  readonly json: boolean;
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        count: { type: 'string' },
        fresh: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE.replace('NAMES', names.join(', ')));
      process.exit(0);
    }
    const only = values.only ?? [];
    const unknown = only.find((name) => !names.includes(name));
    if (unknown !== undefined) throw new Error(`--only ${unknown}`);
    const count = values.count === undefined ? null : Number(values.count);
    if (count !== null && !(Number.isInteger(count) && count > 0)) throw new Error(`--count ${values.count}`);
    return {
      quick: values.quick ?? false,
      only,
      count,
      fresh: values.fresh ?? false,
      json: values.json ?? false,
    };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${detail}\n\n${USAGE.replace('NAMES', names.join(', '))}`);
    process.exit(2);
  }
}

const terminal = process.stderr.isTTY === true;
function show(line: string, last: boolean): void {
  process.stderr.write(terminal ? `\r\x1b[K${line}${last ? '\n' : ''}` : `${line}\n`);
}

const minutes = (ms: number): string =>
  ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;

/** Does what is left of one run; answers its sums and whether it was interrupted. */
async function prove(name: string, run: ProveRun, options: Options, signal: AbortSignal): Promise<Totals> {
  const count = options.count ?? (options.quick ? run.quick : run.full);
  const size = run.chunk ?? 1;
  // A sample is always done whole; only full runs are worth resuming.
  const keeps = !options.quick && options.count === null;
  const key = `${sourceKey(name, run.watches ?? [])} ${count} ${size}`;
  if (options.fresh && keeps) forgetProgress(name);
  let progress = keeps ? loadProgress(name, key) : noProgress;
  const done = new Set(progress.beyond);
  const chunks = Array.from({ length: Math.ceil(count / size) }, (_none, chunk) => ({
    chunk,
    from: chunk * size,
    to: Math.min(count, (chunk + 1) * size),
  })).filter(({ chunk }) => chunk >= progress.upTo && !done.has(chunk));
  const startedMs = performance.now();
  const before = progress;
  let savedMs = startedMs;
  const line = () => {
    const { totals } = progress;
    const spent = performance.now() - startedMs;
    const here = totals.count - before.totals.count;
    const left = here > 0 ? ` · còn/left ${minutes((spent / here) * (count - totals.count))}` : '';
    const wrong = run.commonBar === false ? 0 : totals.lost + totals.doubled + totals.moved;
    const bad = wrong + totals.problems.length;
    return `${name} ${totals.count}/${count} ${run.unit.vi}, ${run.unit.en} · ${minutes(progress.elapsedMs)}${left}${bad > 0 ? ` · ${bad} !` : ''}`;
  };
  const timer = setInterval(() => show(line(), false), SHOW_EVERY_MS);
  await runPool({
    ...{ name, quick: options.quick, chunks, signal },
    workers: (options.quick ? run.quickWorkers : undefined) ?? run.workers ?? 1,
    done(chunk, totals) {
      const elapsedMs = before.elapsedMs + performance.now() - startedMs;
      progress = withChunk(progress, chunk, joined(progress.totals, totals), elapsedMs);
      if (!keeps || performance.now() - savedMs < SAVE_EVERY_MS) return;
      savedMs = performance.now();
      saveProgress(name, key, progress);
    },
  }).finally(() => clearInterval(timer));
  if (keeps) saveProgress(name, key, progress);
  show(line(), true);
  return progress.totals;
}

/** Tallies and medians of a run, for people. */
function sayMore(run: ProveRun, totals: Totals): void {
  const tallies = Object.entries(totals.tallies).sort(([one], [other]) => one.localeCompare(other));
  const medians = run.worst
    ? Object.entries(largest(totals.samples)).map(([name, value]) => `${name} ≤ ${value}`)
    : Object.entries(totals.samples).map(([name, values]) => `${name} ~${median(values)}`);
  const more = [...tallies.map(([name, times]) => `${name} ${times}`), ...medians];
  if (more.length > 0) process.stderr.write(`  ${more.join(' · ')}\n`);
  if (run.says) process.stderr.write(`  ${run.says.vi}\n  ${run.says.en}\n`);
}

/** One run from its title to its result; null when it was interrupted. */
async function account(name: string, options: Options, signal: AbortSignal): Promise<Row | null> {
  const { run } = (await import(`./runs/${name}.ts`)) as { run: ProveRun };
  process.stderr.write(`\n${run.title.vi}\n${run.title.en}\n`);
  const impossible = run.impossible?.() ?? null;
  if (impossible) {
    process.stderr.write(`  ${name} bỏ qua: ${impossible.vi}\n  ${name} skipped: ${impossible.en}\n`);
    if (options.json) process.stdout.write(`${JSON.stringify({ run: name, skipped: impossible.en })}\n`);
    return { cells: [name, ...Array<string>(7).fill('-'), 'skipped'], holds: true };
  }
  const wanted = options.count ?? (options.quick ? run.quick : run.full);
  const totals = await prove(name, run, options, signal);
  if (signal.aborted) return null;
  const reason = whyNot(run, totals, wanted, options.quick || options.count !== null);
  const { count, thanked, stored, lost, doubled, moved, found } = totals;
  const result = { run: name, count, thanked, stored, lost, doubled, moved, found, holds: reason === null };
  const worst = run.worst ? { worst: largest(totals.samples), tallies: totals.tallies } : {};
  if (options.json) process.stdout.write(`${JSON.stringify({ ...result, ...worst })}\n`);
  sayMore(run, totals);
  if (reason !== null)
    process.stderr.write(`✗ ${[`${name}: ${reason}`, ...totals.problems.slice(1)].join('\n  ')}\n`);
  return { cells: Object.values(result).map(String), holds: reason === null };
}

interface Row {
  readonly cells: readonly string[];
  readonly holds: boolean;
}

/** Samples mostly wait (for a prompt to close, for a kiosk to come back): two at once. Full runs fill both cores. */
const QUICK_LANES = 2;

async function main(): Promise<number> {
  const options = readOptions();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  const wanted = names.filter((one) => options.only.length === 0 || options.only.includes(one));
  const waiting = [...wanted];
  const rows = new Map<string, Row>();
  const lane = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined && !stop.signal.aborted; name = waiting.shift()) {
      const row = await account(name, options, stop.signal);
      if (row) rows.set(name, row);
    }
  };
  await Promise.all(Array.from({ length: options.quick ? QUICK_LANES : 1 }, lane));
  if (stop.signal.aborted) {
    process.stderr.write('Đã dừng; chạy lại để tiếp tục. / Stopped; run it again to go on.\n');
    return 130;
  }
  if (!options.json) showTable([HEAD, ...wanted.map((name) => rows.get(name)?.cells ?? [])]);
  return wanted.every((name) => rows.get(name)?.holds) ? 0 : 1;
}

const HEAD = ['run', 'count', 'thanked', 'stored', 'lost', 'doubled', 'moved', 'found', 'holds'];

function showTable(table: readonly (readonly string[])[]): void {
  const widths = HEAD.map((_head, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const row of table) {
    const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
    process.stdout.write(`${line.trimEnd()}\n`);
  }
}

process.exit(await main());
