/**
 * Purpose: reads the panel's address as an operator types it: `none` or `cpp1:/dev/serial/by-id/...`.
 * Refuses: unknown families and empty or relative paths, as a value with a closed code.
 * Document: firmware-notes/bench-notes.md, "Naming the port".
 */

export type PanelSpec = { readonly family: 'none' } | { readonly family: 'cpp1'; readonly path: string };

export type PanelSpecResult =
  | { readonly ok: true; readonly spec: PanelSpec }
  | { readonly ok: false; readonly code: 'panel-family-unknown' | 'panel-path-invalid' };

export function parsePanelSpec(text: string): PanelSpecResult {
  if (text === 'none') return { ok: true, spec: { family: 'none' } };
  const colon = text.indexOf(':');
  const family = colon < 0 ? text : text.slice(0, colon);
  if (family !== 'cpp1') return { ok: false, code: 'panel-family-unknown' };
  const path = colon < 0 ? '' : text.slice(colon + 1);
  // A serial line is an absolute path (Linux, macOS) or COMn (Windows).
  if (!/^(\/[^\0]+|COM[1-9][0-9]{0,2})$/.test(path)) return { ok: false, code: 'panel-path-invalid' };
  return { ok: true, spec: { family: 'cpp1', path } };
}
