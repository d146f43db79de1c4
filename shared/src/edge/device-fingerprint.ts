/** What two people read to each other: the first 80 bits of a device's id, in groups. The kiosk shows it, the hub shows it. */
const DIGITS = 20;

export function deviceFingerprint(device: string): string {
  return device
    .slice(0, DIGITS)
    .toUpperCase()
    .replace(/(.{4})(?=.)/g, '$1-');
}
