/** Verbs of the command line about kiosks' screens: shown anew, lit or dark. */
import { CodedError } from '@hailong/shared/errors.ts';
import {
  closedDay,
  type HoursException,
  type ScreenHoursSettings,
  weekHours,
} from '@hailong/shared/protocol/screen-hours.ts';
import { z } from 'zod';
import { saveScreenHours } from '../application/directory/save-screen-hours.ts';
import { reloadScreens } from '../application/fleet/reload-screens.ts';
import type { KioskChoice } from '../application/ports/fleet.ts';
import type { AdminParts } from '../application/web-parts.ts';
import { counterNamed, unitNamed } from './place-named.ts';

const by = z.string().trim().max(80);
const named = z.string().max(60).nullable();
/** Both null: the office. */
const place = { unit: named, counter: named };

export const hoursChange = z.discriminatedUnion('what', [
  z.object({ what: z.literal('show') }),
  z.object({ what: z.literal('set'), ...place, hours: weekHours.nullable() }),
  z.object({ what: z.literal('clear'), ...place }),
  z.object({ what: z.literal('close-day'), ...closedDay.shape }),
  z.object({ what: z.literal('open-day'), date: closedDay.shape.date }),
]);
export type HoursChange = z.infer<typeof hoursChange>;

export const screenOperations = [
  z.object({
    verb: z.literal('reload'),
    counter: named,
    /** Null with no counter: all. */
    group: z.int().min(1).max(5).nullable(),
    by,
  }),
  z.object({ verb: z.literal('screen-hours'), change: hoursChange, by }),
] as const;
export type ScreenOperation = z.infer<(typeof screenOperations)[number]>;

const ACTOR = 'operator';

export async function operateScreens(
  parts: AdminParts,
  asked: ScreenOperation,
): Promise<readonly Record<string, unknown>[]> {
  const actor = asked.by || ACTOR;
  if (asked.verb === 'reload') {
    const kiosks = await reloadScreens(parts, { choice: await choiceOf(parts, asked), actor });
    const away = kiosks.filter(({ result }) => result === 'away').length;
    return [
      ...kiosks.map((kiosk) => ({ event: 'reload', ...kiosk })),
      { event: 'reloaded', sent: kiosks.length - away, away },
    ];
  }
  const held = await parts.storage.screenHours.settings();
  if (asked.change.what === 'show') return [{ event: 'screen-hours', ...held }];
  const settings = await changed(parts, held, asked.change);
  return [{ event: 'screen-hours', ...(await saveScreenHours(parts, { settings, actor })) }];
}

async function choiceOf(
  parts: AdminParts,
  { counter, group }: { readonly counter: string | null; readonly group: number | null },
): Promise<KioskChoice> {
  if (counter !== null) return { kind: 'counter', counterId: await counterNamed(parts, counter) };
  return group === null ? { kind: 'all' } : { kind: 'group', stage: group };
}

async function changed(
  parts: AdminParts,
  held: ScreenHoursSettings,
  change: Exclude<HoursChange, { what: 'show' }>,
): Promise<ScreenHoursSettings> {
  if (change.what === 'close-day' || change.what === 'open-day') {
    const others = held.closedDays.filter(({ date }) => date !== change.date);
    if (change.what === 'open-day') {
      if (others.length === held.closedDays.length) throw new CodedError('reference.unknown', change.date);
      return { ...held, closedDays: others };
    }
    return { ...held, closedDays: [...others, { date: change.date, name: change.name }] };
  }
  const hours = change.what === 'set' ? change.hours : null;
  if (change.unit === null && change.counter === null) return { ...held, office: hours };
  const at = {
    unitId: change.unit === null ? null : await unitNamed(parts, change.unit),
    counterId: change.counter === null ? null : await counterNamed(parts, change.counter),
  };
  const isThere = (each: HoursException): boolean =>
    each.unitId === at.unitId && each.counterId === at.counterId;
  const others = held.exceptions.filter((each) => !isThere(each));
  return { ...held, exceptions: change.what === 'set' ? [...others, { ...at, hours }] : others };
}
