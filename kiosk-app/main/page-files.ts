/**
 * Which file, photo or recording an address of our scheme means. Refuses everything outside the built screens: the path is a
 * plain name or `assets/` and a plain name, so that no `..`, no encoding and no other folder can be asked for.
 */
import { sha256Hex } from '@hailong/shared/ids.ts';
import type { BlobFolder } from '../shell/agent-line.ts';
import { PAGE_ORIGIN } from './window-policy.ts';

export type PagePart =
  | { readonly kind: 'file'; readonly path: string; readonly type: string }
  | { readonly kind: 'blob'; readonly folder: BlobFolder; readonly sha256: string }
  | { readonly kind: 'refused' };

const BLOB = /^\/(photos|voices)\/(.*)$/;

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

const PLAIN = /^\/((?:assets\/)?[A-Za-z0-9_-][A-Za-z0-9._-]*\.([a-z0-9]+))$/;

export function pagePart(address: string): PagePart {
  if (!address.startsWith(`${PAGE_ORIGIN}/`)) return { kind: 'refused' };
  const path = address.slice(PAGE_ORIGIN.length);
  const [, folder, hash] = BLOB.exec(path) ?? [];
  if (folder !== undefined) {
    const sha256 = sha256Hex.safeParse(hash);
    if (!sha256.success) return { kind: 'refused' };
    return { kind: 'blob', folder: folder as BlobFolder, sha256: sha256.data };
  }
  const [, name, ending] = PLAIN.exec(path) ?? [];
  const type = ending === undefined ? undefined : TYPES[ending];
  return name === undefined || type === undefined ? { kind: 'refused' } : { kind: 'file', path: name, type };
}
