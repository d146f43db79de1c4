/**
 * Purpose: judge a SOAP reply before an XML parser sees it. Pure.
 * Refuses: document types and entities, nesting past the limit, too many profiles, what is not XML at all.
 */
import { CAMERA_LIMITS } from './camera.ts';

/** Null: acceptable; else why it is refused. */
export function refuseSoap(xml: string): string | null {
  if (xml.length > CAMERA_LIMITS.replyBytes) return 'reply too large';
  if (/<!\s*(doctype|entity|element|attlist|notation)/i.test(xml)) return 'document type in reply';
  if (!/<(?:[\w.-]+:)?Envelope[\s>]/.test(xml)) return 'not a SOAP envelope';
  let depth = 0;
  for (const tag of xml.matchAll(/<(\/?)([a-zA-Z_][^\s/>]*)[^>]*?(\/?)>/g)) {
    if (tag[1] === '/') depth -= 1;
    else if (tag[3] !== '/') depth += 1;
    if (depth > CAMERA_LIMITS.depth) return 'reply nested too deeply';
  }
  const profiles = xml.match(/<(?:[\w.-]+:)?Profiles[\s>]/g)?.length ?? 0;
  return profiles > CAMERA_LIMITS.profiles ? 'too many profiles' : null;
}

/** Sends every further service address of a capabilities reply through `through` (path and query kept). */
export function rewriteServiceAddresses(xml: string, through: string): string {
  return xml.replace(
    /(<(?:[\w.-]+:)?XAddr[^>]*>)([^<]*)(<)/g,
    (_all, open: string, address: string, close: string) => {
      const path = /^\s*https?:\/\/[^/?#\s]+([^\s#]*)/i.exec(address)?.[1] ?? '';
      return `${open}${through}${path.startsWith('/') ? path : `/${path}`}${close}`;
    },
  );
}
