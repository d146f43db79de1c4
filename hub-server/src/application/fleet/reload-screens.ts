/**
 * Purpose: has the page of kiosks shown anew: of one, of a group, of all. The row of the log is there before anybody is told.
 * Refuses: to be kept for a kiosk that is away; a hub that does not run, which nobody is connected to.
 * Document: hub-server/DESIGN.md, "Fleet".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { ChosenKiosk, KioskChoice } from '../ports/fleet.ts';
import type { Act, AdminParts } from '../web-parts.ts';

export interface ReloadedKiosk extends ChosenKiosk {
  readonly result: 'sent' | 'away';
}

export async function reloadScreens(
  parts: AdminParts,
  { choice, actor }: Act & { readonly choice: KioskChoice },
): Promise<readonly ReloadedKiosk[]> {
  const core = parts.told?.core;
  if (!core) throw new CodedError('program.unreachable', 'serve');
  const kiosks = await parts.storage.fleet.chosen(choice);
  const isOne = choice.kind === 'device' || choice.kind === 'counter';
  if (isOne && kiosks.length === 0) throw new CodedError('reference.unknown', 'kiosk');
  const online = kiosks.filter(({ device }) => core.deviceOnline(device)).length;
  await parts.storage.fleet.noted({
    audit: {
      ...{ at: parts.clock.now(), actor, action: 'screen.reloaded', object: objectOf(choice), reason: null },
      body: { online, away: kiosks.length - online },
    },
  });
  const told = new Set(core.reloadScreens(kiosks.map(({ device }) => device)));
  return kiosks.map((kiosk) => ({ ...kiosk, result: told.has(kiosk.device) ? 'sent' : 'away' }));
}

function objectOf(choice: KioskChoice): string {
  if (choice.kind === 'device') return `device:${choice.device}`;
  if (choice.kind === 'counter') return `counter:${choice.counterId}`;
  return choice.kind === 'group' ? `group:${choice.stage}` : 'fleet';
}
