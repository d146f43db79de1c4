/** The built pages, health, and the contract of this very interface. */

import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { CodedError } from '@hailong/shared/errors.ts';
import { PREVIEW_PATH } from '@hailong/shared/protocol/preview.ts';
import { PRIVATE_PAGE_PATH } from '@hailong/shared/protocol/private.ts';
import { z } from 'zod';
import { type App, answers, type HttpContext } from '../context.ts';

/** By their path: a page for phones has a short one, which stands in a QR code. */
const PAGES = {
  ...{ '/station': 'station', '/inspector': 'inspector', '/dashboard': 'dashboard', '/admin': 'admin' },
  ...{ [PRIVATE_PAGE_PATH]: 'vote', '/clock': 'clock' },
};

export async function pageRoutes(
  app: App,
  { parts, webDir, kioskDir, checkPage }: HttpContext,
): Promise<void> {
  const hidden = { schema: { hide: true } };
  await app.register(fastifyStatic, {
    root: join(webDir, 'assets'),
    prefix: '/assets/',
    index: false,
    dotfiles: 'deny',
    // Names carry their content's hash.
    immutable: true,
    maxAge: '365d',
  });
  // The built window as it stands beside a kiosk: the administration shows forms in it.
  await app.register(fastifyStatic, {
    ...{ root: kioskDir, prefix: PREVIEW_PATH, decorateReply: false, dotfiles: 'deny' },
    cacheControl: false,
    setHeaders: (reply) => reply.header('cache-control', 'no-cache'),
  });
  for (const [path, page] of Object.entries(PAGES))
    app.get(path, hidden, async (_request, reply) => {
      const folder = join(webDir, page);
      // Built by `npm start`; a hub without its screens still serves its interface.
      if (!existsSync(join(folder, 'index.html')))
        throw new CodedError('request.not_found', 'screens are not built');
      return reply
        .header('cache-control', 'no-cache')
        .sendFile('index.html', folder, { cacheControl: false, immutable: false });
    });
  // A package's own page may be its forger's: this one is the office's. To be saved and hashed, then opened without a network.
  app.get('/KIEM-TRA.html', hidden, async (_request, reply) => {
    if (!existsSync(checkPage)) throw new CodedError('request.not_found', 'screens are not built');
    return reply
      .header('cache-control', 'no-cache')
      .header('content-disposition', 'attachment; filename="KIEM-TRA.html"')
      .sendFile(basename(checkPage), dirname(checkPage), { cacheControl: false, immutable: false });
  });
  app.get('/', hidden, async (_request, reply) => reply.redirect('/dashboard'));
  // `medium`: of the hub's own chain; away is worth an alarm of whoever watches, and stops nothing.
  const health = z.object({ ok: z.literal(true), medium: z.enum(['none', 'away', 'kept']) });
  app.get('/healthz', { schema: { response: answers(health) } }, async () => ({
    ...{ ok: true as const, medium: parts.own.medium },
  }));
  app.get('/openapi.json', hidden, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(JSON.stringify(app.swagger())),
  );
}
