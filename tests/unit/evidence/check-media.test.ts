/* What a package leaves unsaid of unreadable masters is said once a camera, however many there are. */
import { checkMedia } from '@hailong/shared/evidence/check-media.ts';
import { Findings } from '@hailong/shared/evidence/findings.ts';
import { expect, it } from 'vitest';

it('finds once a camera that times of masters cannot be read', async () => {
  const [asked, cameras] = [{ from: 0, to: 40_000 }, ['one', 'two']];
  const segments = cameras.flatMap((camera) =>
    Array.from({ length: 10 }, (_, i) => ({
      ...{ camera, path: `${camera}-${i}`, run: camera, sha256: 'x', bytes: 1 },
      ...{ mediaStartMs: i * 4_000, mediaEndMs: (i + 1) * 4_000 },
      ...{ wallFrom: i * 4_000, wallTo: (i + 1) * 4_000 },
    })),
  );
  const found = new Findings();
  await checkMedia(
    {
      manifest: {
        ...{ asked, transaction: null, notProven: [], files: [] },
        cameras: cameras.map((id) => ({ id, gaps: [], delivered: [asked], state: 'ready', working: [] })),
      } as never,
      timeline: { segments, mappings: [] } as never,
      hashed: new Map(
        segments.map(({ path }) => [
          path,
          { pictures: null, whole: true, times: null, table: null, sha256: 'x', bytes: 1 },
        ]),
      ),
      picturesOf: () => Promise.resolve(''),
    },
    found,
  );
  expect(found.kept.filter(({ where }) => where === 'times-unread')).toHaveLength(2);
});
