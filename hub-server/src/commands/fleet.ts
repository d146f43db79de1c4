/** `hailong-hub fleet`: every kiosk with what it said last and what is wrong with it, worst first. Exit 1: something critical is. */
import { CodedError } from '@hailong/shared/errors.ts';
import { type ExitCode, type Flags, json } from './command-line.ts';
import { withData } from './with-data.ts';

interface Line {
  readonly event: string;
  readonly [name: string]: unknown;
}

export async function fleet(flags: Flags): Promise<ExitCode> {
  const lines = (await withData(flags.need('data'), { verb: 'fleet' })) as readonly Line[];
  for (const line of lines)
    if (flags.has('json')) json(line);
    else process.stdout.write(`${line.event === 'kiosk' ? kioskText(line) : sumText(line)}\n`);
  return Number(lines.at(-1)?.['critical'] ?? 0) > 0 ? 1 : 0;
}

/** How far the newest configuration is, or why it went back; to everybody at once, or once more. */
export async function rollout(flags: Flags): Promise<ExitCode> {
  const [what = 'show', ...more] = flags.words;
  if ((what !== 'show' && what !== 'force' && what !== 'retry') || more.length > 0)
    throw new CodedError('program.usage', 'rollout show|force|retry');
  const [line] = await withData(flags.need('data'), { verb: 'rollout', what, by: flags.text('by') ?? '' });
  if (flags.has('json')) json(line);
  else process.stdout.write(`${JSON.stringify(line, null, 2)}\n`);
  return (line?.['rollout'] as { state?: string } | null)?.state === 'rolled_back' ? 1 : 0;
}

/** Kiosks' pages are shown anew, of one counter, a group or all. Exit 1: one of them is away. */
export async function reload(flags: Flags): Promise<ExitCode> {
  const [counter, group] = [flags.text('counter'), flags.number('group', 1, 5)];
  const named = [counter !== undefined, group !== undefined, flags.has('all')].filter(Boolean).length;
  if (named !== 1) throw new CodedError('program.usage', '--counter C | --group N | --all');
  const lines = await withData(flags.need('data'), {
    ...{ verb: 'reload', counter: counter ?? null, group: group ?? null, by: flags.text('by') ?? '' },
  });
  for (const line of lines)
    if (flags.has('json')) json(line);
    else
      process.stdout.write(
        line['event'] === 'reload'
          ? `${line['counter']}  ${String(line['device']).slice(0, 8)}  ${line['result']}\n`
          : `${line['sent']} sent, ${line['away']} away\n`,
      );
  return lines.at(-1)?.['away'] === 0 ? 0 : 1;
}

function kioskText(line: Line): string {
  const alarms = line['alarms'] as readonly { severity: number; vi: string; en: string; detail: string }[];
  const seen = line['lastSeenAt'] === null ? '–' : new Date(Number(line['lastSeenAt'])).toISOString();
  const head = [line['counter'], String(line['device']).slice(0, 8), seen, line['build']].join('  ');
  const said = alarms.map(
    ({ severity, vi, en, detail }) =>
      `\n    ${severity === 2 ? '!!' : ' !'} ${vi} / ${en}${detail ? ` [${detail}]` : ''}`,
  );
  return `${head}${said.join('')}`;
}

function sumText(line: Line): string {
  return `${line['kiosks']}: !! ${line['critical']}, ! ${line['attention']}, ok ${line['well']}`;
}
