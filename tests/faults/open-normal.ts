/*
 * Purpose: the agent's database as it must never be opened: the product's own opening, then synchronous=NORMAL. Only the
 * control of the power cuts takes it (control-agent.ts).
 */
import { openWithRoom as open } from '../../kiosk-app/agent/adapters/sqlite/open-database.ts';

export * from '../../kiosk-app/agent/adapters/sqlite/open-database.ts';

export function openWithRoom(...where: Parameters<typeof open>): ReturnType<typeof open> {
  const db = open(...where);
  db.pragma('synchronous = NORMAL');
  return db;
}
