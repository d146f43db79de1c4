/**
 * Purpose: judge a SOAP reply before an XML parser or an expression of ours sees it. Pure. It walks once over the text, and
 * where it cannot go on it ends: no reply, however it is made, costs more than its length.
 * Refuses: document types, entities and instructions; nesting, elements, names and values past their limits; whatever two
 * readers could read in two ways: a bracket inside a tag, a value or a comment, an end without its beginning, a cut reply.
 */
import { CAMERA_LIMITS } from './camera.ts';

const DECLARATION = /\uFEFF?\s*(?:<\?xml\s[^<>?]{0,200}\?>)?/y;
const ASIDE = /<!(?:--[^<>]*?--|\[CDATA\[[^<>]*\]\])>/y;
const BEGIN = /<([A-Za-z_][\w.:-]{0,127})/y;
const ATTRIBUTE = /\s+[A-Za-z_][\w.:-]{0,127}\s*=\s*(?:"[^"<>]{0,2048}"|'[^'<>]{0,2048}')/y;
const CLOSE = /\s*(\/?)>/y;
const END = /<\/([A-Za-z_][\w.:-]{0,127})\s*>/y;
const local = (name: string) => name.slice(name.lastIndexOf(':') + 1);

/** Null: acceptable; else why it is refused. */
export function refuseSoap(xml: string): string | null {
  if (xml.length > CAMERA_LIMITS.replyBytes) return 'reply too large';
  let at = 0;
  const take = (form: RegExp): RegExpExecArray | null => {
    form.lastIndex = at;
    const found = form.exec(xml);
    if (found !== null) at = form.lastIndex;
    return found;
  };
  take(DECLARATION);
  const open: string[] = [];
  let [elements, profiles] = [0, 0];
  for (;;) {
    const tag = xml.indexOf('<', at);
    const text = xml.slice(at, tag < 0 ? xml.length : tag);
    if (open.length === 0 && text.trim() !== '') return 'text outside the envelope';
    // The library `onvif` takes such words out by an expression that would go to the end of the reply for each.
    if (text.includes('xmlns')) return 'namespace outside a tag';
    if (tag < 0) break;
    at = tag;
    if (take(ASIDE) !== null) continue;
    const end = take(END);
    if (end !== null) {
      if (open.pop() !== end[1]) return 'elements do not match';
      continue;
    }
    const name = take(BEGIN)?.[1];
    if (name === undefined) return 'document type, instruction or loose bracket in reply';
    while (take(ATTRIBUTE) !== null);
    const close = take(CLOSE);
    if (close === null) return 'unreadable tag';
    if (open.length === 0 && (elements > 0 || local(name) !== 'Envelope')) return 'not a SOAP envelope';
    elements += 1;
    profiles += local(name) === 'Profiles' ? 1 : 0;
    if (close[1] === '') open.push(name);
    if (open.length > CAMERA_LIMITS.depth) return 'reply nested too deeply';
    if (elements > CAMERA_LIMITS.elements) return 'too many elements';
    if (profiles > CAMERA_LIMITS.profiles) return 'too many profiles';
  }
  if (open.length > 0) return 'reply is cut';
  return elements === 0 ? 'not a SOAP envelope' : null;
}

/** Sends every further service address of a capabilities reply through `through` (path and query kept). */
export function rewriteServiceAddresses(xml: string, through: string): string {
  return xml.replace(
    /(<(?:[\w.-]+:)?XAddr[^<>]*>)([^<]*)(<)/g,
    (_all, open: string, address: string, close: string) => {
      const path = /^\s*https?:\/\/[^/?#\s]+([^\s#]*)/i.exec(address)?.[1] ?? '';
      return `${open}${through}${path.startsWith('/') ? path : `/${path}`}${close}`;
    },
  );
}
