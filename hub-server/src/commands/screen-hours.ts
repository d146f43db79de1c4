/**
 * `hailong-hub screen-hours`: when kiosks' screens are lit, for the office, a unit or a counter, and the days it is closed.
 * Refuses: hours that are none, a day that is none, a unit and a counter at once.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { WeekHours } from '@hailong/shared/protocol/screen-hours.ts';
import { type ExitCode, type Flags, json } from './command-line.ts';
import { type HoursChange, hoursChange } from './operate-screens.ts';
import { withData } from './with-data.ts';

const usage = (detail: string): CodedError => new CodedError('program.usage', detail);

/** `07:30`, to 24:00. */
function minutesOf(text: string): number {
  const found = /^([01]?\d|2[0-4]):([0-5]\d)$/.exec(text);
  const minutes = found ? Number(found[1]) * 60 + Number(found[2]) : Number.NaN;
  if (!(minutes <= 1_440)) throw usage(text);
  return minutes;
}

/** `1-5`, `1-5,7`: 1 Monday … 7 Sunday. */
function daysOf(text: string): number {
  let days = 0;
  for (const part of text.split(',')) {
    const [, from, to = from] = /^([1-7])(?:-([1-7]))?$/.exec(part) ?? [];
    if (from === undefined || Number(from) > Number(to)) throw usage(`--days ${text}`);
    for (let day = Number(from); day <= Number(to); day++) days |= 1 << (day - 1);
  }
  return days;
}

function hoursOf(flags: Flags): WeekHours | null {
  const given = ['opens', 'closes', 'days'].filter((each) => flags.text(each) !== undefined);
  if (flags.has('lit') && given.length === 0) return null;
  if (flags.has('lit') || given.length < 3) throw usage('--opens 07:30 --closes 17:00 --days 1-5 | --lit');
  return {
    opensMin: minutesOf(flags.need('opens')),
    closesMin: minutesOf(flags.need('closes')),
    days: daysOf(flags.need('days')),
  };
}

function changeOf(flags: Flags): HoursChange {
  const [what = 'show', date, ...more] = flags.words;
  if (more.length > 0) throw usage(more.join(' '));
  const place = { unit: flags.text('unit') ?? null, counter: flags.text('counter') ?? null };
  if (place.unit !== null && place.counter !== null) throw usage('--unit U | --counter C');
  const given: unknown =
    what === 'set'
      ? { what, ...place, hours: hoursOf(flags) }
      : what === 'clear'
        ? { what, ...place }
        : { what, date, name: flags.text('name') ?? '' };
  const change = hoursChange.safeParse(given);
  const isDay = what === 'close-day' || what === 'open-day';
  if (!change.success || (date !== undefined && !isDay))
    throw usage('screen-hours show|set|clear|close-day DATE|open-day DATE');
  return change.data;
}

export async function screenHours(flags: Flags): Promise<ExitCode> {
  const change = changeOf(flags);
  const lines = await withData(flags.need('data'), {
    ...{ verb: 'screen-hours', change, by: flags.text('by') ?? '' },
  });
  for (const line of lines)
    if (flags.has('json')) json(line);
    else process.stdout.write(`${JSON.stringify(line, null, 2)}\n`);
  return 0;
}
