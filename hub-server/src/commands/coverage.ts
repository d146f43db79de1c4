/**
 * `hailong-hub coverage`: each part of a camera's day and why the rest is missing, in words; how far its pictures stand behind
 * the event, and its clock. Exit 1: a part has no known reason.
 */
import type { ClockSample } from '@hailong/shared/protocol/cameras.ts';
import type { CoverageAnswer, CoverageLatency, CoverageSpan } from '@hailong/shared/protocol/coverage.ts';
import { VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';
import { coverageWords } from '@hailong/shared/words/coverage-words.ts';
import { type ExitCode, type Flags, json } from './command-line.ts';
import { withData } from './with-data.ts';

type Line = Record<string, unknown>;

const clock = (at: number) => new Date(at + VIETNAM_OFFSET_MS).toISOString().slice(11, 19);
const day = (at: number) => new Date(at + VIETNAM_OFFSET_MS).toISOString().slice(0, 10);
const seconds = (ms: number) => (ms / 1000).toFixed(1);
const words = (of: Pick<CoverageSpan, 'state' | 'reason'>) =>
  `${coverageWords(of, 'vi')} / ${coverageWords(of, 'en')}`;

function spanText({ from, to, by, at, ...said }: CoverageSpan): string {
  const deleted = at === null ? '' : ` (${[day(at), by].filter(Boolean).join(', ')})`;
  return `${clock(from)}  ${seconds(to - from).padStart(8)} s  ${words(said)}${deleted}`;
}

function latencyText({ from, to, latencyMs, measured }: CoverageLatency): string {
  const how =
    measured === null
      ? 'chưa đo, lấy theo khai báo / not measured, as configured'
      : `đo / measured ${day(measured.at)} ${clock(measured.at)}, ${measured.by}: ` +
        `${seconds(measured.measuredMs)} s ± ${seconds(measured.errorMs + measured.mappingBoundMs)} s`;
  return `${clock(from)}–${clock(to)}  độ trễ / latency ${seconds(latencyMs)} s  ${how}`;
}

/** A day has 96 samples: the text says their ends, `--json` each. */
function clockText(samples: readonly ClockSample[]): string {
  const offsets = samples.map(({ offsetMs }) => offsetMs);
  const [low, high] = [Math.min(...offsets), Math.max(...offsets)];
  return (
    `đồng hồ camera lệch / camera clock off by ${seconds(low)} … ${seconds(high)} s ` +
    `(${samples.length} lần đo / samples)`
  );
}

function dayText({ camera, day: date, totals }: CoverageAnswer): string {
  const parts = totals.map((each) => `${words(each)} ${Math.round(each.ms / 1000)} s`);
  return `${camera.name}  ${date}: ${parts.join(', ')}`;
}

export async function coverage(flags: Flags): Promise<ExitCode> {
  const lines: readonly Line[] = await withData(flags.need('data'), {
    ...{ verb: 'coverage', camera: flags.need('camera'), day: flags.need('day'), token: flags.need('token') },
  });
  const of = (event: string) => lines.filter((line) => line['event'] === event) as readonly unknown[];
  const answer = lines.at(-1) as unknown as CoverageAnswer;
  if (flags.has('json')) for (const line of lines) json(line);
  else {
    const told = of('clock') as readonly ClockSample[];
    const texts = [
      ...(of('span') as readonly CoverageSpan[]).map(spanText),
      ...(of('latency') as readonly CoverageLatency[]).map(latencyText),
      ...(told.length === 0 ? [] : [clockText(told)]),
      dayText(answer),
    ];
    process.stdout.write(`${texts.join('\n')}\n`);
  }
  return answer.totals.some(({ reason }) => reason === 'unknown') ? 1 : 0;
}
