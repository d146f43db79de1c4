/**
 * Forms, where they are asked, what kiosks offer and the office's reasons: each verb saves one and tells every kiosk.
 * Refuses: a form that breaks a rule (domain/ratings/instrument-rules.ts), a save on an old base (a form's, the reasons'), a place
 * that does not exist, a list of reasons that leaves one out.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { Instrument, InstrumentRef } from '@hailong/shared/model/instrument.ts';
import type { KioskSettings, SaveReasons, UsePlace } from '@hailong/shared/protocol/instruments.ts';
import { brokenRules } from '../../domain/ratings/instrument-rules.ts';
import type { Act, AdminParts } from '../web-parts.ts';

const told = async (parts: AdminParts) => parts.told?.core.directoryChanged();

function checkRules(form: Instrument): void {
  const broken = brokenRules(form);
  if (broken.some(({ rule }) => rule === 'hurried')) throw new CodedError('request.invalid', 'closeAfterMs');
  const unequal = broken.flatMap((each) =>
    each.rule === 'unequal' ? [`${each.chip} (${each.language}): ${each.signs}`] : [],
  );
  if (unequal.length > 0) throw new CodedError('instrument.unequal', unequal.join('; '));
}

export async function saveInstrument(
  parts: AdminParts,
  {
    id,
    base,
    inUse,
    instrument,
    actor,
  }: Act & {
    readonly id: string;
    readonly base: number | null;
    readonly inUse: boolean;
    readonly instrument: Instrument;
  },
): Promise<{ id: string; version: number }> {
  if (id !== instrument.id) throw new CodedError('request.invalid', 'id');
  checkRules(instrument);
  const saved = await parts.storage.instruments.save({
    ...{ base, inUse, instrument, actor, at: parts.clock.now() },
  });
  if (saved.result !== 'saved')
    throw new CodedError(saved.result === 'gone' ? 'request.not_found' : 'request.conflict', 'base');
  await told(parts);
  return { id, version: saved.version };
}

export async function saveUse(
  parts: AdminParts,
  {
    place,
    instrument,
    actor,
  }: Act & {
    readonly place: UsePlace;
    readonly instrument: InstrumentRef | null;
  },
): Promise<void> {
  const at = parts.clock.now();
  const saved = await parts.storage.instruments.use({ place, instrument, actor, at });
  if (saved === 'unknown') throw new CodedError('reference.unknown');
  await told(parts);
}

export async function saveKioskSettings(
  parts: AdminParts,
  { settings, actor }: Act & { readonly settings: KioskSettings },
): Promise<void> {
  await parts.storage.instruments.saveSettings({ settings, actor, at: parts.clock.now() });
  await told(parts);
}

export async function saveReasons(
  parts: AdminParts,
  { base, reasons, actor }: Act & SaveReasons,
): Promise<void> {
  if (new Set(reasons.map(({ key }) => key)).size !== reasons.length)
    throw new CodedError('request.invalid', 'reasons');
  const saved = await parts.storage.instruments.saveReasons({ base, reasons, actor, at: parts.clock.now() });
  if (saved !== 'saved') throw new CodedError('request.conflict', saved === 'gone' ? 'reasons' : 'base');
  await told(parts);
}
