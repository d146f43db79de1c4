/*
 * A camera whose RTP clock leaps ahead, with a key frame as after its encoder's own restart, or between two: the real ffmpeg lists the files that
 * follow at the time that it claims. All of their pictures are kept, where they were filmed; the ledger says no second that was not.
 */
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { encodeFilm, type Film } from '@hailong/device-drivers/simulators/film-feed.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { FootageOffice } from '../prove/footage/office.ts';
import { FILM, PICTURE_MS } from '../prove/footage/stand-in.ts';
import { storedPictures } from '../prove/footage/truth.ts';
import { poll } from '../support/poll.ts';
import { tempFolder } from '../support/temp-folder.ts';

interface Leap {
  readonly ms: number;
  /** Files of 4 s before it, at least. */
  readonly after: number;
  /** Between two key frames. */
  readonly midGroup?: true;
}
/** Files that are waited for at once. */
const AT_ONCE = 3;
/** What a slow machine makes of times stays below what the smallest leap would. */
const WORST_MS = 1_400;
const LEAPS: Readonly<Record<string, Leap>> = {
  // As a new random start comes to: longer than a run may be.
  'three hours': { ms: 3 * 3_600_000, after: 3 },
  'ten minutes': { ms: 600_000, after: 3 },
  'ten minutes between two key frames': { ms: 600_000, after: 3, midGroup: true },
  // Seen once the floor is known; the file behind it lasts for less.
  'six seconds': { ms: 6_000, after: 9 },
  // The file behind it lasts for longer.
  'a second and a half': { ms: 1_500, after: 9 },
};

describe.skipIf(findFfmpeg() === null).concurrent('a clock that leaps ahead', () => {
  let film: Film;
  beforeAll(async () => {
    film = await encodeFilm(FILM);
  });

  it.each(Object.entries(LEAPS))(
    'of %s loses no picture that was stored, and places them',
    async (name, { ms, after, midGroup }) => {
      await using folder = await tempFolder('leap');
      await using office = await FootageOffice.open(folder.path, film, [name]);
      const [recorded] = office.cameras as readonly [(typeof office.cameras)[number]];
      const { camera, id } = recorded;
      for (let filmed = 0; filmed < after; filmed += AT_ONCE) await office.filmed(AT_ONCE);
      const keys: number[] = [];
      camera.onKey((number) => keys.push(number));
      camera.rtsp.jumpClock(ms, midGroup !== true);
      const leapt = await poll(() => keys[0], { what: 'the key frame', timeoutMs: 30_000 });
      await poll(() => office.hub.gaps().some(({ reason, to }) => reason === 'clock-reset' && to !== null), {
        what: 'the end of the gap',
        timeoutMs: 60_000,
      });
      await office.filmed(1);
      await office.stopRecorder();

      const { worstMs, problem } = office.judge(recorded, []);
      expect(worstMs, problem ?? '').toBeLessThan(WORST_MS);
      expect(office.hub.gaps().map(({ reason }) => reason)).not.toContain('unknown');
      // From a leap at a key frame to the end of its group, at least: by then it is seen. Between two, the next key frame shows it.
      const stored = storedPictures(office.hub.root(), id);
      const group = Array.from({ length: FILM.gopMs / PICTURE_MS }, (_, i) => leapt + i);
      expect(midGroup ? [] : group.filter((number) => !stored.has(number))).toEqual([]);
      const placed = office.segmentsOf(id).filter(({ flags }) => flags.includes('reset'));
      expect(placed.length).toBeGreaterThan(0);
    },
    180_000,
  );
});
