/**
 * What every answer carries: pages may load only from here, nobody may frame them, nothing is guessed or referred. The kiosk
 * window alone may be framed, by the hub's own administration, and then reaches nothing but its files.
 */
import { PREVIEW_PATH } from '@hailong/shared/protocol/preview.ts';
import type { FastifyInstance } from 'fastify';

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The one page that frames. */
const ADMIN_CSP = `${CSP}; frame-src 'self'`;
const PREVIEW_CSP = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'", "img-src 'self'"],
  ...["connect-src 'none'", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'self'"],
].join('; ');

export function installSecurityHeaders(app: FastifyInstance, tls: boolean): void {
  app.addHook('onRequest', async ({ url }, reply) => {
    const isPreview = url.startsWith(PREVIEW_PATH);
    const isAdmin = url.split('?', 1)[0] === '/admin';
    reply.headers({
      'content-security-policy': isPreview ? PREVIEW_CSP : isAdmin ? ADMIN_CSP : CSP,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': isPreview ? 'SAMEORIGIN' : 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    });
    if (tls) reply.header('strict-transport-security', 'max-age=31536000');
  });
}
