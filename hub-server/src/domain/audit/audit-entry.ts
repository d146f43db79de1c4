/**
 * One act as it enters the append-only log: who did what to which object and why. The leaf hash is RFC 6962's,
 * over the exact bytes of the row, so that the log can be committed to later without being rewritten.
 */
export interface AuditEntry {
  readonly at: number;
  readonly actor: string;
  readonly action: AuditAction;
  readonly object: string;
  readonly reason: string | null;
  /** What changed, without secrets; plain JSON. */
  readonly body?: unknown;
}

/** Closed, so that a reader can filter and a translator translate. */
export type AuditAction =
  | 'setup.first_admin'
  | 'session.opened'
  | 'session.ended'
  | 'duty.login'
  | 'duty.logout'
  | 'enrol.code_issued'
  | 'enrol.approved'
  | 'enrol.refused'
  | 'device.write_off_asked'
  | 'station.enrolled'
  | 'station.revoked'
  | 'station.locked'
  | 'station.unlocked'
  | 'device.enrolled'
  | 'device.revoked'
  | 'device.readmitted'
  | 'device.written_off'
  | 'device.confirmed'
  | 'counter.handed_over'
  | 'chain.decided'
  | 'hub.recovering'
  | 'hub.recovered'
  | 'hub.recovering_overridden'
  | 'device.rewound'
  | 'device.forked'
  | 'device.lost'
  | 'device.gap'
  | 'device.pin_locked'
  | 'device.alarm_acknowledged'
  | 'screen.reloaded'
  | 'fleet_rule.saved'
  | 'rollout.rule_saved'
  | 'rollout.forced'
  | 'rollout.retried'
  | 'api_key.created'
  | 'api_key.revoked'
  | 'user.saved'
  | 'office.saved'
  | 'unit.saved'
  | 'officer.saved'
  | 'officer.photo'
  | 'counter.saved'
  | 'procedure.saved'
  | 'camera.saved'
  | 'camera.checked'
  | 'camera.still_taken'
  | 'camera.still_approved'
  | 'camera.frame_opened'
  | 'camera.latency_measured'
  | 'import.applied'
  | 'demo.removed'
  | 'instrument.saved'
  | 'instrument.used'
  | 'kiosk_setting.saved'
  | 'reason.saved'
  | 'screen_hours.saved'
  | 'screen_hours.removed'
  | 'closed_day.saved'
  | 'closed_day.removed'
  | 'voice.saved'
  | 'voice.removed'
  | 'case.opened'
  | 'case.changed'
  | 'case.officer_told'
  | 'case.petitioner_read'
  | 'footage.ticket'
  | 'footage.playlist'
  | 'footage.segment'
  | 'footage.listed'
  | 'act.asked'
  | 'act.approved'
  | 'act.refused'
  | 'act.expired'
  | 'token.issued'
  | 'token.revoked'
  | 'footage.coverage'
  | 'hold.requested'
  | 'hold.lapsed'
  | 'evidence.written'
  | 'evidence.address'
  | 'evidence.downloaded'
  | 'figures.exported'
  | 'backup.made'
  | 'data.restored'
  | 'log.started'
  | 'log.origin_started'
  | 'log.origin_signed'
  | 'log.heads'
  | 'log.witness_ahead'
  | 'log.witness_inconsistent'
  | 'log.witness_foreign';

/** The exact bytes a row is hashed over: fixed key order, no whitespace. */
export function auditLeafText(seq: number, entry: AuditEntry): string {
  const { at, actor, action, object, reason, body } = entry;
  return JSON.stringify({ seq, at, actor, action, object, reason, body: body ?? null });
}
