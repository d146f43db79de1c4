/** The command that darkens or lights the display itself; null: this system has none we know, and black glass must do. */
export function displayPower(
  lit: boolean,
  env: Readonly<Record<string, string | undefined>>,
): readonly [string, ...string[]] | null {
  // Debian 12 has no program that does it for every output under cage.
  if (env['WAYLAND_DISPLAY']) return null;
  if (env['DISPLAY']) return ['xset', 'dpms', 'force', lit ? 'on' : 'off'];
  return null;
}
