/* A download goes on where the note that its session is awake cannot be written, and the fault is told. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { sendArchive } from '../../../hub-server/src/adapters/http/send-archive.ts';
import { zipLayout } from '../../../hub-server/src/domain/evidence/zip-layout.ts';
import { tempFolder } from '../../support/temp-folder.ts';

it('sends the whole archive while nothing can be stored', async () => {
  await using folder = await tempFolder('send-archive');
  const bytes = Buffer.alloc(300_000, 7);
  const held = join(folder.path, 'KN-1');
  mkdirSync(held);
  writeFileSync(join(held, 'a.mp4'), bytes);
  const layout = zipLayout('KN-1', [{ path: 'a.mp4', bytes: bytes.length, crc32: crc32(bytes) }]);
  const told: string[] = [];
  const app = Fastify({
    logger: { level: 'error', stream: { write: (line: string) => void told.push(line) } },
  });
  app.get('/', (request, reply) =>
    sendArchive(request, reply, {
      ...{ folder: held, name: 'KN-1', etag: '"1"', layout, record: () => Promise.resolve() },
      leaving: () => Promise.reject(new Error('SQLITE_FULL')),
    }),
  );
  const answer = await app.inject('/');
  expect([answer.statusCode, answer.rawPayload.length]).toEqual([200, layout.length]);
  expect(told.join('')).toContain('SQLITE_FULL');
  await app.close();
});
