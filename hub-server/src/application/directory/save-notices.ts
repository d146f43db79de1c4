/**
 * Purpose: saves the notices of the office, whole, and tells every kiosk as its group has it.
 * Refuses: a list that somebody else changed meanwhile, a day that does not exist, a notice for nobody, an unknown unit.
 * Document: hub-server/DESIGN.md, "What screens are told".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { HeldNotice, SaveNotices } from '@hailong/shared/protocol/notices.ts';
import { brokenNotice } from '../../domain/directory/notices-at.ts';
import type { Act, AdminParts } from '../web-parts.ts';

export async function saveNotices(
  parts: AdminParts,
  { base, notices: drafts, actor }: Act & SaveNotices,
): Promise<readonly HeldNotice[]> {
  const broken = brokenNotice(drafts);
  if (broken) throw new CodedError('request.invalid', broken);
  const known = new Set(base);
  const notices = drafts.map((each) => ({
    ...each,
    ...{ vi: each.vi.normalize('NFC'), en: each.en?.normalize('NFC') ?? null },
    // An id that was not held is none of ours.
    id: each.id !== null && known.has(each.id) ? each.id : parts.secrets.id(),
  }));
  const saved = await parts.storage.notices.save({ base, notices, actor, at: parts.clock.now() });
  if (saved === 'conflict') throw new CodedError('request.conflict', 'base');
  if (saved === 'unknown') throw new CodedError('reference.unknown', 'units');
  await parts.told?.core.directoryChanged();
  return parts.storage.notices.list();
}
