/**
 * Purpose: reads the panel as an operator types it: `none`, `cpp1:/dev/serial/by-id/…`, `line-ascii:PROFILE:PORT`,
 *          `hid-wedge:PROFILE`, or `file:PATH` of a configuration.
 * Refuses: unknown families and profiles, empty or relative paths, as a value with a closed code.
 * Document: firmware-notes/families.md, "Where the configuration is".
 */
import { type PanelConfig, panelPath } from '@hailong/shared/model/panel-config.ts';
import { LINE_PROFILES, WEDGE_PROFILES } from '@hailong/shared/model/panel-profiles.ts';

export type PanelSpec = PanelConfig | { readonly family: 'file'; readonly path: string };

export type PanelSpecResult =
  | { readonly ok: true; readonly spec: PanelSpec }
  | {
      readonly ok: false;
      readonly code: 'panel-family-unknown' | 'panel-profile-unknown' | 'panel-path-invalid';
    };

const INVALID_PATH = { ok: false, code: 'panel-path-invalid' } as const;
const UNKNOWN_PROFILE = { ok: false, code: 'panel-profile-unknown' } as const;

export function parsePanelSpec(text: string): PanelSpecResult {
  if (text === 'none') return { ok: true, spec: { family: 'none' } };
  const [family, rest] = cut(text);
  switch (family) {
    case 'cpp1': {
      const path = panelPath.safeParse(rest);
      return path.success ? { ok: true, spec: { family, path: path.data, hwid: null } } : INVALID_PATH;
    }
    case 'line-ascii': {
      const [key, port] = cut(rest);
      const profile = LINE_PROFILES.find((one) => one.key === key);
      if (!profile) return UNKNOWN_PROFILE;
      const path = panelPath.safeParse(port);
      return path.success ? { ok: true, spec: { ...profile.config, path: path.data } } : INVALID_PATH;
    }
    case 'hid-wedge': {
      const profile = WEDGE_PROFILES.find((one) => one.key === rest);
      return profile ? { ok: true, spec: profile.config } : UNKNOWN_PROFILE;
    }
    case 'file':
      return rest === '' ? INVALID_PATH : { ok: true, spec: { family, path: rest } };
    default:
      return { ok: false, code: 'panel-family-unknown' };
  }
}

function cut(text: string): [string, string] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
}
