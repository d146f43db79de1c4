/**
 * `hailong-hub clip --case K [--transaction T] [--from F --to T] --token TOKEN`: which files show it, from when to when, what is
 * missing and why. More than the case is of is asked for: it waits for `approve ID`, and is listed when this runs again.
 * Refuses: whatever the page would refuse the same person; see application/footage/list-clip.ts.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { ClipGap } from '@hailong/shared/protocol/coverage.ts';
import { UNMAPPED_WORDS } from '@hailong/shared/words/gap-words.ts';
import { type ExitCode, type Flags, json } from './command-line.ts';
import { type Span, spanOf, tellPending } from './wider.ts';
import { withData } from './with-data.ts';

/** Exit 1: there is no picture of it at all. 0 as well where it waits for a second person. */
export async function clip(flags: Flags): Promise<ExitCode> {
  const lines = await withData(flags.need('data'), {
    ...{ verb: 'clip', token: flags.need('token'), case: flags.need('case') },
    ...{ transaction: flags.text('transaction') ?? null, interval: flags.text('interval') ?? null },
    wider: widerOf(flags),
  });
  const [first] = lines;
  if (first?.['state'] === 'pending') {
    tellPending('clip', String(first['act']), flags.has('json'));
    return 0;
  }
  for (const line of lines)
    if (flags.has('json')) json(line);
    else process.stdout.write(`${textOf(line)}\n`);
  return lines.some((line) => line['event'] === 'segment') ? 0 : 1;
}

function widerOf(flags: Flags): (Span & { reason: string | null }) | null {
  const span = spanOf(flags);
  if (span === null) return null;
  if (flags.text('interval') !== undefined) throw new CodedError('program.usage', '--interval, --from');
  return { ...span, reason: flags.text('reason') ?? null };
}

const at = (value: unknown): string => new Date(Number(value)).toISOString();
const seconds = (value: unknown): string => (Number(value) / 1000).toFixed(1);

/** What a reader would take the window's ends for, and they are not. */
function unknownOf(served: unknown): string[] {
  const { begin, end } = (served ?? {}) as { begin?: string; end?: string };
  return [
    ...(begin === 'unknown' ? ['không rõ lúc bắt đầu / begin unknown'] : []),
    ...(end === 'unknown' ? ['chưa rõ lúc kết thúc / end unknown'] : []),
    ...(end === 'cut' ? ['lượt dài hơn bốn giờ / longer than four hours'] : []),
  ];
}

/** Whoever took the camera out of the map of this counter, so that nobody takes it for one that was never there. */
function takenOut({ unmappedAt, unmappedBy }: ClipGap): string {
  if (unmappedAt === undefined) return '';
  const [who, when] = [unmappedBy ?? null, at(unmappedAt)];
  return `  ${UNMAPPED_WORDS.vi(who, when)} / ${UNMAPPED_WORDS.en(who, when)}`;
}

function textOf(line: Record<string, unknown>): string {
  const window = line['window'] as { from: number; to: number } | null;
  switch (line['event']) {
    case 'clip':
      return window === null
        ? `${line['case']}  không xác định được thời điểm / cannot be placed`
        : [`${line['case']}  ${at(window.from)} … ${at(window.to)}`, ...unknownOf(line['served'])].join(
            '\n  ',
          );
    case 'camera': {
      const gaps = line['gaps'] as readonly ClipGap[];
      const holes = gaps
        .map((gap) => `\n    ${at(gap.from)} … ${at(gap.to)}  ${gap.reason}${takenOut(gap)}`)
        .join('');
      const bound = `−${seconds(line['boundBeforeMs'])} s, +${seconds(line['boundAfterMs'])} s`;
      return `${line['name']}  ${line['state']}  ${bound}${holes}`;
    }
    case 'play':
      return `  từ giây / from second ${Number(line['playFromSeconds']).toFixed(1)}`;
    default:
      return `  ${at(line['wallFrom'])} … ${at(line['wallTo'])}  ${line['file']}  sha256:${line['sha256']}`;
  }
}
