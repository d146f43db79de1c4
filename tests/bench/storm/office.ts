/*
 * Purpose: a data folder of the hub as it is after set-up, with an office of the fleet's size: counters, officers and
 * admitted kiosks. The hub's own code makes keys, schema and API key; people and kiosks are written by SQL, because a
 * thousand enrolments are no part of what is measured.
 */
import Sqlite, { type Database } from 'better-sqlite3';
import { loadHubKeys } from '../../../hub-server/src/adapters/keys.ts';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { hubBin } from '../../support/paths.ts';
import { runProgram } from '../../support/program.ts';
import type { Kiosk } from './fleet.ts';

export interface Office {
  readonly dir: string;
  signAnchor(text: string): string;
}

export async function makeOffice(dir: string): Promise<Office & { readonly apiKey: string }> {
  const { code, lines, stderr } = await runProgram(hubBin, ['setup', '--data', dir, '--demo', '--json']);
  const apiKey = lines.at(-1)?.['apiKey'];
  if (code !== 0 || typeof apiKey !== 'string') throw new Error(`setup: ${stderr}`);
  return { ...openOffice(dir), apiKey };
}

/** One that was made before; its keys lie in it. */
export function openOffice(dir: string): Office {
  const { sign } = loadHubKeys(dir);
  return { dir, signAnchor: (text) => sign(Buffer.from(text)) };
}

/** Long before anything they recorded. */
const ENROLLED_AT = 1_700_000_000_000;

/** With the hub stopped. */
export function admit(dir: string, fleet: readonly Kiosk[]): void {
  const db = new Sqlite(databaseFile(dir));
  try {
    db.transaction(() => insertFleet(db, fleet))();
  } finally {
    db.close();
  }
}

function insertFleet(db: Database, fleet: readonly Kiosk[]): void {
  const serials = db.prepare('SELECT coalesce(max(enrol_serial), 0) FROM device').pluck();
  const first = Number(serials.get()) + 1;
  const unit = db.prepare('INSERT OR IGNORE INTO unit (id, code, name) VALUES (?,?,?)');
  const counter = db.prepare('INSERT INTO counter (id, number, name, unit_id, active) VALUES (?,?,?,?,1)');
  const officer = db.prepare(
    "INSERT INTO officer (id, code, name, position, unit_id, active, revision) VALUES (?,?,?,'Chuyên viên',?,1,1)",
  );
  const device = db.prepare(
    'INSERT INTO device (id, counter_id, public_key, enrol_serial, enrolled_at) VALUES (?,?,?,?,?)',
  );
  const enrolment = db.prepare(
    'INSERT INTO device_enrolment (device, counter_id, serial, at) VALUES (?,?,?,?)',
  );
  fleet.forEach((kiosk, n) => {
    const number = String(first + n);
    unit.run(kiosk.unit, `U${kiosk.unit.slice(-12)}`, 'Phòng Một cửa');
    counter.run(kiosk.counter, number, `Quầy ${number}`, kiosk.unit);
    officer.run(kiosk.officer, `CB${number.padStart(7, '0')}`, `Cán bộ ${number}`, kiosk.unit);
    device.run(kiosk.device, kiosk.counter, kiosk.publicKey, first + n, ENROLLED_AT);
    enrolment.run(kiosk.device, kiosk.counter, first + n, ENROLLED_AT);
  });
}
