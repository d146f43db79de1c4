/**
 * Purpose: what one station shows: its counter, the officer logged in here, the duty, the transaction, what waits for
 * the device. Only that, so nothing about a level can stand in it.
 * Refuses: showing another officer's work: without this browser's own login only counter and device are told.
 */
import type { CounterId, OfficerId } from '@hailong/shared/ids.ts';
import type { StationAnswer } from '@hailong/shared/protocol/http.ts';
import type { Identity } from '../../domain/access/policy-law.ts';
import type { WebParts } from '../web-parts.ts';

const NO_DEVICE: StationAnswer['device'] = {
  enrolled: false,
  online: false,
  lastSeenAt: null,
  panel: 'unknown',
  screens: 0,
  allSent: false,
};
const EMPTY: StationAnswer = {
  enrolled: false,
  locked: false,
  counter: null,
  officer: null,
  csrfToken: '',
  duty: null,
  transaction: null,
  pending: [],
  lastRefusal: null,
  lastClosed: null,
  device: NO_DEVICE,
  today: { served: 0, prompted: 0 },
  procedures: [],
  reasons: [],
};

export interface ShownStation {
  readonly station: StationAnswer;
  /** When it changes by time alone; null: never. */
  readonly until: number | null;
}

export async function showStation(
  parts: WebParts,
  identity: Identity | null,
  csrfToken: string,
): Promise<ShownStation> {
  if (identity?.kind !== 'station' && identity?.kind !== 'officer') return { station: EMPTY, until: null };
  const { directory } = parts.storage;
  const id = identity.counterId as CounterId;
  const [counter, view] = await Promise.all([directory.counter({ id }), parts.core.counter(id)]);
  const known = { ...EMPTY, enrolled: true, counter, csrfToken, device: view.device };
  if (identity.kind === 'station')
    return { station: { ...known, locked: identity.locked !== undefined }, until: view.until };
  const [officer, procedures, reasons] = await Promise.all([
    directory.profile({ id: identity.officerId as OfficerId }),
    directory.procedures(),
    directory.outcomeReasons(),
  ]);
  const offered = procedures.filter((each) => each.active);
  const shown = { ...known, officer, procedures: offered, reasons: [...reasons] };
  // Somebody else logged in at the counter since: this login has no duty any more.
  if (view.officerId !== null && view.officerId !== identity.officerId)
    return { station: shown, until: view.until };
  const { duty, transaction, pending, lastRefusal, lastClosed, today, until } = view;
  return { station: { ...shown, duty, transaction, pending, lastRefusal, lastClosed, today }, until };
}
