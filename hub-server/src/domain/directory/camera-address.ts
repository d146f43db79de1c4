/**
 * Purpose: which camera addresses are taken: `http(s)` for ONVIF, `rtsp(s)` for a stream, host and port only.
 * Refuses: credentials inside the address (they have their own field and are never shown), other schemes, fragments.
 * Whether the host may be connected to (allow-list, resolve once) is the recorder's to judge when it connects.
 */
export type CameraAddress = { readonly ok: true; readonly address: string } | { readonly ok: false };

const FORM = /^(https?|rtsps?):\/\/([^\s/?#@\\]+)(\/[^\s#\\]*)?$/i;
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:([0-9]{1,5}))?$/i;

export function readCameraAddress(text: string): CameraAddress {
  const trimmed = text.trim();
  const match = FORM.exec(trimmed);
  if (!match || trimmed.length > 300) return { ok: false };
  const host = HOST.exec(match[2] as string);
  if (!host) return { ok: false };
  const port = host[4] === undefined ? 1 : Number(host[4]);
  if (port < 1 || port > 65_535) return { ok: false };
  for (let index = 0; index < trimmed.length; index += 1)
    if (trimmed.charCodeAt(index) < 33 || trimmed.charCodeAt(index) === 127) return { ok: false };
  return { ok: true, address: trimmed };
}
