/**
 * The office's recordings: each verb saves or removes one and tells every kiosk, which fetches or deletes the bytes.
 * Refuses: bytes that are no recording, words that no form says, more than kiosks are made to carry.
 * Document: hub-server/DESIGN.md, "Voices".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import { readSound } from '../../domain/voices/sound.ts';
import type { Sentence } from '../ports/voices.ts';
import type { Act, AdminParts } from '../web-parts.ts';

export async function saveVoice(
  parts: AdminParts,
  { language, words, bytes, actor }: Act & Sentence & { readonly bytes: Uint8Array },
): Promise<void> {
  const sound = readSound(bytes);
  if (!sound) throw new CodedError('voice.invalid');
  const at = parts.clock.now();
  const saved = await parts.storage.voices.save({ language, words, bytes, ...sound, actor, at });
  if (saved === 'unknown') throw new CodedError('reference.unknown', 'words');
  if (saved === 'full') throw new CodedError('voice.full');
  await parts.told?.core.directoryChanged();
}

export async function removeVoice(
  parts: AdminParts,
  { language, words, actor }: Act & Sentence,
): Promise<void> {
  const removed = await parts.storage.voices.remove({ language, words, actor, at: parts.clock.now() });
  if (removed === 'gone') throw new CodedError('request.not_found', 'words');
  await parts.told?.core.directoryChanged();
}
