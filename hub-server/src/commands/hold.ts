/**
 * `hailong-hub hold add|list|end`, `counter reported`: footage that is kept past its days, and kiosks nobody waits for any longer.
 * Refuses: to decide alone: what is asked waits for `approve ID` under another token.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import { type HoldAnswer, type HoldList, holdKind } from '@hailong/shared/protocol/holds.ts';
import { utcMs, VIETNAM_OFFSET_MS, vietnamDayBounds } from '@hailong/shared/time.ts';
import type { HoldPage } from '../application/ports/holds.ts';
import { type ExitCode, type Flags, json, say } from './command-line.ts';
import { holdTable } from './list-tables.ts';
import type { Operation } from './operate.ts';
import { withData, withDataOpen } from './with-data.ts';

/** `YYYY-MM-DDTHH:MM[:SS]` in Vietnam, or with an offset of its own; a day alone is its end. */
export function momentOf(name: string, text: string): number {
  const day = vietnamDayBounds(text.slice(0, 10));
  const zoned = /(Z|[+-]\d{2}:\d{2})$/.test(text);
  const at =
    text.length === 10 ? day?.to : zoned ? Date.parse(text) : Date.parse(`${text}Z`) - VIETNAM_OFFSET_MS;
  const moment = /^\d{4}-\d{2}-\d{2}(T|$)/.test(text) && day !== null ? utcMs.safeParse(at) : null;
  if (!moment?.success) throw new CodedError('program.usage', `--${name} ${text}`);
  return moment.data;
}
const moment = (flags: Flags, name: string) => momentOf(name, flags.need(name)) as never;

async function print(flags: Flags, asked: Operation): Promise<void> {
  for (const line of await withData(flags.need('data'), asked))
    if (flags.has('json')) json(line);
    else process.stdout.write(`${JSON.stringify(line)}\n`);
  say(
    'Chờ người thứ hai: hailong-hub approve ID --token …',
    'Waits for a second person: hailong-hub approve ID --token …',
  );
}

/** Every page of it, each printed as it comes. */
async function listHolds(flags: Flags, token: string): Promise<void> {
  const named = flags.text('kind');
  const kind = named === undefined ? null : (holdKind.safeParse(named).data ?? null);
  if (named !== undefined && kind === null)
    throw new CodedError('program.usage', `--kind ${holdKind.options.join('|')}`);
  const table = flags.has('json') ? null : holdTable();
  await withDataOpen(flags.need('data'), async (ask) => {
    let count: HoldList['count'] = { living: 0, ended: 0 };
    for (let after: string | null | undefined = null; after !== undefined; ) {
      const lines = await ask({ verb: 'hold-list', token, kind, after });
      const page = lines.at(-1) as unknown as Omit<HoldPage, 'holds'>;
      const holds = lines.slice(0, -1) as unknown as HoldAnswer[];
      if (table) table.add(holds);
      else for (const each of holds) json(each);
      count = page.count ?? count;
      after = page.next ?? undefined;
    }
    if (table) table.end(count);
    else json({ event: 'count', ...count });
  });
}

export async function hold(flags: Flags): Promise<ExitCode> {
  const [verb, id, ...more] = flags.words;
  const token = flags.need('token');
  if (verb === 'list' && id === undefined) await listHolds(flags, token);
  else if (verb === 'add' && id === undefined)
    await print(flags, {
      ...{
        verb: 'hold-add',
        camera: flags.need('camera'),
        from: moment(flags, 'from'),
        to: moment(flags, 'to'),
      },
      ...{
        until: moment(flags, 'until'),
        case: flags.text('case') ?? null,
        reason: flags.need('reason'),
        token,
      },
    });
  else if (verb === 'end' && id !== undefined && more.length === 0)
    await print(flags, { verb: 'hold-end', hold: id, reason: flags.need('reason'), token });
  else throw new CodedError('program.usage', 'hold add|list|end ID');
  return 0;
}

/** Words after `counter reported`. */
export async function counterReported(flags: Flags, counter: string): Promise<ExitCode> {
  const upTo = flags.text('to');
  await print(flags, {
    ...{
      verb: 'counter-reported',
      counter,
      upTo: upTo === undefined ? null : (momentOf('to', upTo) as never),
    },
    ...{ reason: flags.need('reason'), token: flags.need('token') },
  });
  return 0;
}

/** `footage repair [--apply]`: says what disagrees; mends it only when told to. Exit 1: something is to be mended still. */
export async function footage(flags: Flags): Promise<ExitCode> {
  if (flags.words.join(' ') !== 'repair') throw new CodedError('program.usage', 'footage repair');
  const apply = flags.has('apply');
  const lines = await withData(flags.need('data'), {
    verb: 'footage-repair',
    apply,
    token: flags.need('token'),
  });
  for (const line of lines)
    if (flags.has('json')) json(line);
    else process.stdout.write(`${JSON.stringify(line, null, 2)}\n`);
  if (!apply) say('Chưa sửa gì; thêm --apply để sửa.', 'Nothing was changed; add --apply to mend it.');
  const { held: _, ...kinds } = (lines.at(-1) ?? {}) as Record<string, { readonly count?: number }>;
  const found = Object.values(kinds).reduce((sum, { count }) => sum + (count ?? 0), 0);
  return !apply && found > 0 ? 1 : 0;
}
