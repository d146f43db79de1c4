/** `hailong-hub coverage`: each part of a camera's day and why the rest is missing. Exit 1: a part has no known reason. */
import type { CoverageAnswer, CoverageSpan } from '@hailong/shared/protocol/coverage.ts';
import { VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';
import { type ExitCode, type Flags, json } from './command-line.ts';
import { withData } from './with-data.ts';

const clock = (at: number) => new Date(at + VIETNAM_OFFSET_MS).toISOString().slice(11, 19);

function text(line: Record<string, unknown>): string {
  if (line['event'] === 'span') {
    const { from, to, state, reason, by } = line as unknown as CoverageSpan;
    return `${clock(from)}  ${String(Math.round((to - from) / 1000)).padStart(6)} s  ${reason ?? state}${by ? ` (${by})` : ''}`;
  }
  const { camera, day, totals } = line as unknown as CoverageAnswer;
  const parts = totals.map(({ state, reason, ms }) => `${reason ?? state} ${Math.round(ms / 1000)} s`);
  return `${camera.name}  ${day}: ${parts.join(', ')}`;
}

export async function coverage(flags: Flags): Promise<ExitCode> {
  const lines = await withData(flags.need('data'), {
    ...{ verb: 'coverage', camera: flags.need('camera'), day: flags.need('day'), token: flags.need('token') },
  });
  for (const line of lines)
    if (flags.has('json')) json(line);
    else process.stdout.write(`${text(line)}\n`);
  const { totals } = lines.at(-1) as unknown as CoverageAnswer;
  return totals.some(({ reason }) => reason === 'unknown') ? 1 : 0;
}
