/** What a counter's screen is told: configuration, who may be on show there, and the profile on show. Null: not set up yet, nothing to send. */
import { type HubToDevice, ROSTER_MAX } from '@hailong/shared/protocol/edge.ts';
import type { CounterScreen } from './ports/screens.ts';

export type CounterConfig = Extract<HubToDevice, { type: 'counter.config' }>;
export type Roster = Extract<HubToDevice, { type: 'roster' }>;
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
      ...{ instruments: [...config.instruments], uses: [...config.uses], languages: [...config.languages] },
    }
  );
}

/** It carries no verifiers yet: nobody can log in at the device by it. */
export function rosterOf({ config, roster }: CounterScreen): Roster | null {
  const officers = roster.slice(0, ROSTER_MAX).map((profile) => ({ profile, verifier: null }));
  return config && { type: 'roster', revision: config.revision, officers, validMs: 0 };
}

export function profileShow({ shown }: CounterScreen): ProfileShow | null {
  return shown && ({ type: 'profile.show', duty: shown.dutyId, profile: shown.profile } as ProfileShow);
}
