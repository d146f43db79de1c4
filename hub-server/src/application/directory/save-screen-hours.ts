/**
 * Purpose: saves when kiosks' screens are lit, whole, and tells every kiosk as its group has it.
 * Refuses: a place or day named twice, a day that does not exist, an unknown unit or counter.
 * Document: hub-server/DESIGN.md, "What screens are told".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { ScreenHoursSettings } from '@hailong/shared/protocol/screen-hours.ts';
import { brokenHours } from '../../domain/directory/screen-hours-at.ts';
import type { Act, AdminParts } from '../web-parts.ts';

export async function saveScreenHours(
  parts: AdminParts,
  { settings, actor }: Act & { readonly settings: ScreenHoursSettings },
): Promise<ScreenHoursSettings> {
  const broken = brokenHours(settings);
  if (broken) throw new CodedError('request.invalid', broken);
  const { screenHours } = parts.storage;
  const saved = await screenHours.save({ settings, actor, at: parts.clock.now() });
  if (saved === 'unknown') throw new CodedError('reference.unknown', 'exceptions');
  await parts.told?.core.directoryChanged();
  return screenHours.settings();
}
