/** What a counter's screen is told: configuration and the profile on show. Null: not set up yet, nothing to send. */
import type { CounterId, OfficerId } from '@hailong/shared/ids.ts';
import type { HubToDevice } from '@hailong/shared/protocol/edge.ts';
import type { DirectoryPort } from './ports/directory.ts';
import type { IdentityPort } from './ports/identity.ts';
import type { ViewsPort } from './ports/views.ts';

export interface ScreenParts {
  readonly directory: Pick<DirectoryPort, 'office' | 'counter' | 'procedures' | 'profile'>;
  readonly identity: Pick<IdentityPort, 'instrument' | 'directoryRevision'>;
  readonly views: Pick<ViewsPort, 'openDuty'>;
}
export type CounterConfig = Extract<HubToDevice, { type: 'counter.config' }>;
export type ProfileShow = Extract<HubToDevice, { type: 'profile.show' }>;

export async function counterConfig(parts: ScreenParts, counterId: string): Promise<CounterConfig | null> {
  // The revision is read first: a change in between is told again, never missed.
  const revision = await parts.identity.directoryRevision();
  const [office, counter, instrument, procedures] = await Promise.all([
    parts.directory.office(),
    parts.directory.counter({ id: counterId as CounterId }),
    parts.identity.instrument(),
    parts.directory.procedures(),
  ]);
  if (!office || !counter || !instrument) return null;
  return {
    type: 'counter.config',
    ...{ revision, office, counter, instrument },
    procedures: procedures.filter((each) => each.active).slice(0, 2_000),
  };
}

/** Who is on duty there now, as the directory knows them today. */
export async function profileShow(parts: ScreenParts, counterId: string): Promise<ProfileShow | null> {
  const duty = await parts.views.openDuty(counterId);
  if (!duty) return null;
  const profile = await parts.directory.profile({ id: duty.officerId as OfficerId });
  return { type: 'profile.show', duty: duty.dutyId, profile } as ProfileShow;
}
