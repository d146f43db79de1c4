/** What a counter's screen is told: configuration and the profile on show. Null: not set up yet, nothing to send. */
import type { HubToDevice } from '@hailong/shared/protocol/edge.ts';
import type { CounterScreen } from './ports/screens.ts';

export type CounterConfig = Extract<HubToDevice, { type: 'counter.config' }>;
export type ProfileShow = Extract<HubToDevice, { type: 'profile.show' }>;

/** As many as the wire takes. */
const PROCEDURES_MAX = 2_000;
const REASONS_MAX = 60;

export function counterConfig({ config }: CounterScreen): CounterConfig | null {
  return (
    config && {
      ...{ type: 'counter.config', ...config },
      procedures: config.procedures.slice(0, PROCEDURES_MAX),
      reasons: config.reasons.slice(0, REASONS_MAX),
    }
  );
}

export function profileShow({ shown }: CounterScreen): ProfileShow | null {
  return shown && ({ type: 'profile.show', duty: shown.dutyId, profile: shown.profile } as ProfileShow);
}
