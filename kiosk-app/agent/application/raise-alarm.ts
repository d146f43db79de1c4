/**
 * One alarm: a line for scripts and a sentence with its remedy for people. `detail` is data, the same in both languages. What
 * ends by itself is ended by a line of its own; the rest stands until the restart (hub-server/DESIGN.md, "Fleet").
 */
import type { SyncAlarm } from '@hailong/shared/edge/sync-state.ts';
import { ERRORS, type ErrorCode } from '@hailong/shared/errors.ts';
import type { Clock, Reporter } from './ports.ts';

export function raiseAlarm(
  { report, clock }: { readonly report: Reporter; readonly clock: Clock },
  code: ErrorCode,
  detail: string,
): void {
  const { vi, en, remedy } = ERRORS[code];
  report.line({ event: 'alarm', code, detail, at: clock.stamp().at });
  const [left, right] = [`${code}: ${vi} ${remedy.vi}`, `${en} ${remedy.en}`];
  report.say(detail === '' ? left : `${left} [${detail}]`, right);
}

/** Its cause is gone. What people read of it is said by who ends it. */
export function endAlarm(
  { report, clock }: { readonly report: Reporter; readonly clock: Clock },
  code: ErrorCode,
): void {
  report.line({ event: 'alarmEnded', code, at: clock.stamp().at });
}

/** What the sync machine found, as a code. */
export const SYNC_ALARMS = {
  forked: 'kiosk.chain_forked',
  'hub-ahead': 'kiosk.hub_ahead',
  stuck: 'kiosk.hub_stuck',
} as const satisfies Record<SyncAlarm, ErrorCode>;
