/**
 * Purpose: devices against their keys and against the log: a name is the hash of its key, an enrolment and a revocation
 *   have their row, and the log names the keys this hub goes by.
 * Refuses: nothing; it finds. Whether somebody enrolled a false device can be seen in the printed roster only.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import type { HubIdentity } from '../../application/ports/identity.ts';
import type { Verdict } from '../../domain/verify/finding.ts';
import type { HeldLeaf } from '../../domain/verify/log-check.ts';
import { deviceIdOf } from '../keys.ts';
import type { Snapshot } from './verify-reader.ts';

/** What the rows of the log say about devices and keys: as many as there are devices. */
export interface LogFacts {
  readonly enrolled: ReadonlySet<string>;
  /** device, counter and number of every enrolment, as text. */
  readonly enrolments: ReadonlySet<string>;
  readonly revoked: ReadonlySet<string>;
  /** Body of the row that began the first log. */
  readonly started: { readonly hubKey?: unknown; readonly recoveryKey?: unknown } | null;
  hear(leaf: HeldLeaf): void;
}

const DEVICE = 'device:';
/** Acts that admit a device. */
const ADMITS = new Set(['device.enrolled', 'device.readmitted']);

export function logFacts(): LogFacts {
  const enrolled = new Set<string>();
  const enrolments = new Set<string>();
  const revoked = new Set<string>();
  let started: LogFacts['started'] = null;
  return {
    enrolled,
    enrolments,
    revoked,
    get started() {
      return started;
    },
    hear({ action, actor, object, body }) {
      if (ADMITS.has(action) && actor.startsWith(DEVICE)) {
        const device = actor.slice(DEVICE.length);
        enrolled.add(device);
        enrolments.add(enrolmentText(device, object.slice('counter:'.length), serialIn(body)));
      }
      if (action === 'device.revoked' && object.startsWith(DEVICE)) revoked.add(object.slice(DEVICE.length));
      if (action === 'log.started' && started === null)
        try {
          started = JSON.parse(body ?? '{}') as LogFacts['started'];
        } catch {
          // The row itself is found by its leaf hash.
        }
    },
  };
}

const enrolmentText = (device: string, counter: string, serial: unknown): string =>
  `${device} ${counter} ${serial}`;

function serialIn(body: string | null): unknown {
  try {
    return (JSON.parse(body ?? '{}') as { serial?: unknown }).serial;
  } catch {
    return undefined;
  }
}

interface DeviceRow {
  readonly id: string;
  readonly publicKey: Uint8Array;
  readonly revokedAt: number | null;
}

export function checkDevices(
  snapshot: Snapshot,
  identity: HubIdentity,
  facts: LogFacts,
  verdict: Verdict,
): void {
  const { started } = facts;
  if (started && (started.hubKey !== identity.hubKey || started.recoveryKey !== identity.recoveryKey))
    verdict.find('identity.key', { table: 'meta', key: 'identity' }, 'the log began with other keys');
  for (const row of snapshot.all<DeviceRow>(
    'SELECT id, public_key AS publicKey, revoked_at AS revokedAt FROM device ORDER BY id',
  )) {
    const place = { device: row.id };
    if (deviceIdOf(row.publicKey) !== row.id) verdict.find('device.key', place);
    if (!facts.enrolled.has(row.id)) verdict.find('device.enrolment', place);
    if ((row.revokedAt !== null) !== facts.revoked.has(row.id))
      verdict.find('log.contradicts', { ...place, table: 'device' }, 'revocation');
  }
  const left = new Set(facts.enrolments);
  for (const { device, counter, serial } of snapshot.all<{ device: string; counter: string; serial: number }>(
    'SELECT device, counter_id AS counter, serial FROM device_enrolment ORDER BY device, serial',
  )) {
    const text = enrolmentText(device, counter, serial);
    if (!facts.enrolments.has(text))
      verdict.find('device.enrolment', { device, table: 'device_enrolment', key: `${serial}` });
    left.delete(text);
  }
  for (const text of left) verdict.find('device.enrolment', { table: 'device_enrolment', key: text });
}
