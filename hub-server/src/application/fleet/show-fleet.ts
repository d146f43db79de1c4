/**
 * Purpose: kiosks as their reports and alarms show them: a page for the administration, all of them for the command line.
 * Refuses: to read a report that is not of the form; it counts as none.
 * Document: hub-server/DESIGN.md, "Fleet".
 */
import { CodedError, ERRORS } from '@hailong/shared/errors.ts';
import { FLEET_PAGE, type FleetAnswer, type FleetRow as ShownRow } from '@hailong/shared/protocol/fleet.ts';
import type { FleetRule } from '../../domain/fleet/fleet-alarms.ts';
import { statusOf } from '../hub-core.ts';
import type { FleetQuestion, FleetRow } from '../ports/fleet.ts';
import type { AdminParts } from '../web-parts.ts';

/** Rows of one question at the command line. */
const SLICE = 500;

export async function showFleet(
  parts: AdminParts,
  asked: Pick<FleetQuestion, 'state' | 'code' | 'text'> & { readonly page: number },
): Promise<FleetAnswer> {
  const { page, ...question } = asked;
  const [{ rows, total }, counts] = await Promise.all([
    parts.storage.fleet.page({ ...question, offset: page * FLEET_PAGE, limit: FLEET_PAGE }),
    parts.storage.fleet.counts(),
  ]);
  return {
    ...{ total, page },
    rows: rows.map((row) => shown(parts, row)),
    counts: { ...counts, byCode: [...counts.byCode] },
  };
}

function shown(parts: AdminParts, row: FleetRow): ShownRow {
  const online = parts.told?.core.deviceOnline(row.device) ?? false;
  return { ...row, online, status: statusOf(row), alarms: [...row.alarms] } as ShownRow;
}

/** One line a kiosk, worst first, with the sentence of each alarm; the last line sums up. */
export async function listFleet(parts: AdminParts): Promise<Record<string, unknown>[]> {
  await parts.storage.fleet.weigh({ at: parts.clock.now() });
  const lines: Record<string, unknown>[] = [];
  for (let offset = 0; ; offset += SLICE) {
    const question = { state: 'all', code: null, text: '', offset, limit: SLICE } as const;
    const { rows } = await parts.storage.fleet.page(question);
    for (const row of rows) {
      const { alarms, ...kiosk } = shown(parts, row);
      lines.push({
        event: 'kiosk',
        ...kiosk,
        alarms: alarms.map((alarm) => ({ ...alarm, ...sentence(alarm.code) })),
      });
    }
    if (rows.length < SLICE) break;
  }
  return [...lines, { event: 'fleet', kiosks: lines.length, ...(await parts.storage.fleet.counts()) }];
}

function sentence(code: string): Record<string, unknown> {
  const { vi, en, remedy } = ERRORS[code as keyof typeof ERRORS];
  return { vi, en, remedy };
}

export async function acknowledgeAlarm(
  parts: AdminParts,
  input: { readonly device: string; readonly code: string; readonly actor: string },
): Promise<void> {
  const { device, code, actor } = input;
  const at = parts.clock.now();
  const done = await parts.storage.fleet.acknowledge({
    ...{ device, code, by: actor, at },
    audit: {
      ...{ at, actor, action: 'device.alarm_acknowledged', object: `device:${device}`, reason: null },
      body: { code },
    },
  });
  if (!done) throw new CodedError('request.conflict', code);
}

export async function saveFleetRule(
  parts: AdminParts,
  input: { readonly rule: FleetRule; readonly actor: string },
): Promise<void> {
  const { rule, actor } = input;
  if (rule.opensMin >= rule.closesMin) throw new CodedError('request.invalid', 'opensMin');
  const at = parts.clock.now();
  await parts.storage.fleet.saveRule({
    rule,
    audit: { at, actor, action: 'fleet_rule.saved', object: 'fleet', reason: null, body: rule },
  });
}
