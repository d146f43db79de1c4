/**
 * Gives the demo's office an address for phones, so that its kiosk draws the QR code of a private rating: the hub's own on
 * this machine, where a browser beside the kiosk plays the phone. An administrator does it, as in the administration page.
 * Refuses: to touch an address that somebody has set.
 */
import type { OfficeSettings } from '@hailong/shared/model/directory.ts';
import { openSession } from './http-session.ts';

/** What this file set at an earlier start, perhaps with another port. */
const OURS = /^http:\/\/127\.0\.0\.1(:\d+)?$/;

export async function setPhoneAddress(
  hub: string,
  administrator: { readonly username: string; readonly password: string },
  signal: AbortSignal,
): Promise<void> {
  const call = openSession(hub, signal);
  await call('POST', '/api/v1/session', administrator);
  const office = (await call('GET', '/api/v1/admin/office')) as OfficeSettings;
  const held = office.privateUrl ?? null;
  if (held === hub || (held !== null && !OURS.test(held))) return;
  await call('PUT', '/api/v1/admin/office', { ...office, privateUrl: hub });
}
