/** What a counter's screen is told: configuration, who may be on show there, and the profile on show. Null: not set up yet, nothing to send. */
import { NOTICES_MAX } from '@hailong/shared/model/notice.ts';
import { type HubToDevice, ROSTER_MAX } from '@hailong/shared/protocol/edge.ts';
import type { CounterScreen } from './counter-screens.ts';

export type CounterConfig = Extract<HubToDevice, { type: 'counter.config' }>;
export type Roster = Extract<HubToDevice, { type: 'roster' }>;
export type ProfileShow = Extract<HubToDevice, { type: 'profile.show' }>;

/** As many as the wire takes. */
const PROCEDURES_MAX = 2_000;
const REASONS_MAX = 60;
const VOICES_MAX = 500;
const DAY_MS = 86_400_000;

export function counterConfig({ config }: CounterScreen): CounterConfig | null {
  return (
    config && {
      ...{ type: 'counter.config', ...config },
      procedures: config.procedures.slice(0, PROCEDURES_MAX),
      reasons: config.reasons.slice(0, REASONS_MAX),
      voices: config.voices.slice(0, VOICES_MAX),
      notices: config.notices.slice(0, NOTICES_MAX),
      ...{ instruments: [...config.instruments], uses: [...config.uses], languages: [...config.languages] },
    }
  );
}

/** Seals a verifier for one device. */
export type SealPin = (officer: string, revision: number, verifier: string) => string;

/** Without `seal` (the device states no box, or the line is open) it says who may be on show there, and nobody's PIN. */
export function rosterOf(
  { revision, config, roster, pinDays }: CounterScreen,
  seal: SealPin | null,
): Roster | null {
  if (!config) return null;
  const officers = roster.slice(0, ROSTER_MAX).map(({ profile, pinHash }) => ({
    profile,
    verifier: seal && pinHash !== null ? seal(profile.id, revision, pinHash) : null,
  }));
  return { type: 'roster', revision, officers, validMs: pinDays * DAY_MS };
}

export function profileShow({ shown }: CounterScreen): ProfileShow | null {
  return shown && ({ type: 'profile.show', duty: shown.dutyId, profile: shown.profile } as ProfileShow);
}
