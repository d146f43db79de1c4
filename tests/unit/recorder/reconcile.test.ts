/* Index and disk are made to agree, on films made by a real ffmpeg and cut as a kill leaves them. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectFile } from '../../../hub-server/src/recorder/adapters/inspect-file.ts';
import { RECOVERED_BOUND_MS, reconcile } from '../../../hub-server/src/recorder/application/reconcile.ts';
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts';
import { cameraA, openParts, putFilm, T0 } from './parts.ts';

const ffmpeg = findFfmpeg()?.ffmpeg;

describe.skipIf(ffmpeg === undefined)('reconcile', () => {
  let films: TempFolder;
  let film: string;
  beforeAll(async () => {
    films = await tempFolder('films');
    film = join(films.path, 'film.mp4');
    execFileSync(ffmpeg ?? '', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=10:duration=4'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-movflags'],
      ...['+frag_keyframe+empty_moov+default_base_moof', film],
    ]);
  });
  afterAll(() => films.remove());

  it('indexes a complete file without a row, dated by its modification time', async () => {
    await using parts = await openParts();
    const file = `${cameraA}/run/000000.mp4`;
    await putFilm(parts.files.path(file), film, T0 - 60_000);
    expect(await reconcile({ ...parts, inspect: inspectFile }, 0)).toBe(false);
    const [{ segment } = { segment: null }] = parts.facts('segment.closed');
    expect(segment).toMatchObject({ camera: cameraA, file, codec: 'h264', flags: ['recovered'] });
    expect(segment).toMatchObject({ mediaStartMs: 0, mediaEndMs: 4_000, bytes: statSync(film).size });
    expect(
      readFileSync(film)
        .toString('latin1', (segment?.initBytes ?? 0) + 4)
        .slice(0, 4),
    ).toBe('moof');
    expect(parts.facts('run.mapped')[0]?.mapping).toMatchObject({
      ...{ method: 'recovered', offsetMs: T0 - 64_000, boundMs: RECOVERED_BOUND_MS, run: segment?.run },
    });
    expect(parts.index.newestEnd(cameraA)).toBe(T0 - 60_000);
    await reconcile({ ...parts, inspect: inspectFile }, 0);
    expect(parts.facts('segment.closed')).toHaveLength(1);
  });

  it('dates what was written since somebody set the clock ahead by the clock that is believed, and nothing else', async () => {
    const [day, ago] = [86_400_000, 60_000];
    for (const [setAhead, modifiedAt, endedAt] of [
      [day, T0 + day - ago, T0 - ago],
      // From before it was set.
      [day, T0 - ago, T0 - ago],
      // Set back it says no such thing: that day was as well.
      [-day, T0 - day - ago, T0 - day - ago],
    ] as const) {
      await using parts = await openParts();
      const files = { ...parts.files, now: () => T0 + setAhead };
      await putFilm(parts.files.path(`${cameraA}/run/000000.mp4`), film, modifiedAt);
      await reconcile({ ...parts, files, inspect: inspectFile }, 0);
      expect(parts.index.newestEnd(cameraA)).toBe(endedAt);
    }
  });

  it('passes over a file that the disk does not give, and takes nothing for lost that it does not say', async () => {
    await using parts = await openParts();
    const kept = await parts.keep(cameraA, T0 - 90_000);
    const [bad, good] = [`${cameraA}/run/000000.mp4`, `${cameraA}/run/000001.mp4`];
    for (const file of [bad, good]) await putFilm(parts.files.path(file), film, T0 - 60_000);
    const refuse = (): never => {
      throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    };
    const files = {
      ...parts.files,
      seal: async (file: string) => (file === bad ? refuse() : parts.files.seal(file)),
      inFolder: async (folder: string) => (kept.startsWith(folder) ? refuse() : parts.files.inFolder(folder)),
    };
    expect(await reconcile({ ...parts, files, inspect: inspectFile }, 0)).toBe(false);
    expect(parts.facts('segment.closed').map(({ segment }) => segment.file)).toEqual([kept, good]);
    expect(parts.facts('segment.deleted')).toEqual([]);
    expect(parts.logged.filter((line) => line.includes('footage.unreachable_file'))).toHaveLength(2);
  });

  it('continues the run of the file before it, and tells the time since as the recorder’s', async () => {
    await using parts = await openParts();
    const run = parts.ids.uuid();
    await putFilm(parts.files.path(`${cameraA}/run/000006.mp4`), film, T0 - 64_000);
    const sealed = await parts.files.seal(`${cameraA}/run/000006.mp4`);
    parts.ledger.segment(
      {
        ...{ camera: cameraA, run, file: `${cameraA}/run/000006.mp4`, codec: 'h264', flags: [], ...sealed },
        ...{ mediaStartMs: 24_000, mediaEndMs: 28_000, arrivalAt: T0 as never, arrivalMonoMs: 0 as never },
      },
      { method: 'min-arrival', offsetMs: T0 - 92_000, latencyMs: 0, boundMs: 300 },
    );
    const cut = statSync(film).size - 200;
    await putFilm(parts.files.path(`${cameraA}/run/000007.mp4`), film, T0 - 10_000, cut);
    await reconcile({ ...parts, inspect: inspectFile }, 0);
    expect(parts.facts('segment.closed')[1]?.segment).toMatchObject({
      ...{ run, mediaStartMs: 28_000, mediaEndMs: 31_000, flags: ['recovered'] },
    });
    expect(parts.facts('run.mapped')).toHaveLength(1);
    parts.ledger.resumeAfterRestart(cameraA);
    expect(parts.facts('gap.recorded').map(({ gap }) => gap)).toMatchObject([
      { from: T0 - 61_000, to: null, reason: 'recorder-down' },
    ]);
  });

  it('removes what no player can read, leaves fresh files and files it may not judge', async () => {
    await using parts = await openParts();
    const path = (name: string) => parts.files.path(`${cameraA}/run/${name}.mp4`);
    await putFilm(path('000001'), film, T0 - 300_000, 500);
    await putFilm(path('000003'), film, T0 - 300_000, 0);
    await putFilm(path('000005'), film, T0 - 1_000);
    await putFilm(parts.files.path('notes/other.mp4'), film, T0 - 300_000, 0);
    await reconcile({ ...parts, inspect: async () => ({ kind: 'unknown' }) }, 120_000);
    expect(existsSync(path('000001'))).toBe(true);
    await reconcile({ ...parts, inspect: inspectFile }, 120_000);
    expect([path('000001'), path('000003'), path('000005')].map(existsSync)).toEqual([false, false, true]);
    expect(existsSync(parts.files.path('notes/other.mp4'))).toBe(true);
    expect(parts.logged.filter((line) => line.includes('unreadable'))).toHaveLength(2);
    expect(parts.facts('segment.closed')).toEqual([]);
  });

  it('leaves what no player can read while a hold covers it, and until it is known what is held', async () => {
    await using parts = await openParts();
    const torn = parts.files.path(`${cameraA}/run/000001.mp4`);
    await putFilm(torn, film, T0 - 300_000, 500);
    const sweep = () => reconcile({ ...parts, inspect: inspectFile }, 120_000);
    parts.told.holds = null;
    expect([await sweep(), existsSync(torn)]).toEqual([true, true]);
    parts.told.holds = [{ camera: cameraA, from: T0 - 302_000, to: T0 - 301_000 }];
    expect([await sweep(), existsSync(torn)]).toEqual([false, true]);
    expect(parts.logged).toContain(`${cameraA}/run/000001.mp4: unreadable, held, left`);
    parts.told.holds = [{ camera: cameraA, from: T0 - 200_000, to: T0 - 100_000 }];
    expect([await sweep(), existsSync(torn)]).toEqual([false, false]);
  });

  it('reads, counts and logs a held torn file once, so that hundreds of them keep no older file waiting', async () => {
    await using parts = await openParts();
    const HELD = 310;
    const older = `${cameraA}/older/000000.mp4`;
    await putFilm(parts.files.path(older), film, T0 - 900_000);
    for (let i = 0; i < HELD; i += 1)
      await putFilm(parts.files.path(`${cameraA}/run/${1_000_000 + i}.mp4`), film, T0 - 300_000, 10);
    parts.told.holds = [{ camera: cameraA, from: T0 - 400_000, to: T0 - 200_000 }];
    let read = 0;
    const inspect: typeof inspectFile = async (path) => {
      read += 1;
      return path.includes('older') ? inspectFile(path) : { kind: 'broken' };
    };
    const sweep = () => reconcile({ ...parts, inspect }, 120_000);
    expect(await sweep()).toBe(true);
    expect(await sweep()).toBe(false);
    expect(parts.facts('segment.closed').map(({ segment }) => segment.file)).toEqual([older]);
    const [before, logged] = [read, parts.logged.length];
    expect(before).toBe(HELD + 1);
    // Nothing has changed: nothing is read or said again, whatever the hub has told.
    expect(await sweep()).toBe(false);
    parts.told.holds = null;
    expect(await sweep()).toBe(true);
    expect([read, parts.logged.length]).toEqual([before, logged]);
    // Written since: looked at anew. Taken away: remembered no more. No longer held: it goes.
    const [one, two, three] = parts.index.tornFiles(null, 3) as [string, string, string];
    parts.told.holds = [{ camera: cameraA, from: T0 - 400_000, to: T0 - 200_000 }];
    await putFilm(parts.files.path(one), film, T0 - 250_000);
    await rm(parts.files.path(two));
    await sweep();
    expect(read).toBe(before + 1);
    expect(parts.index.tornRow(two)).toBeNull();
    parts.told.holds = [];
    while (await sweep());
    expect(existsSync(parts.files.path(three))).toBe(false);
    expect(parts.index.tornFiles(null, 1)).toEqual([]);
  });

  it('leaves one that its run places inside a hold, whatever the disk’s clock said', async () => {
    await using parts = await openParts();
    const run = parts.ids.uuid();
    const [whole, torn] = [`${cameraA}/run/000006.mp4`, `${cameraA}/run/000007.mp4`];
    await putFilm(parts.files.path(whole), film, T0 - 64_000);
    parts.ledger.segment(
      {
        ...{ camera: cameraA, run, file: whole, codec: 'h264', flags: [] },
        ...(await parts.files.seal(whole)),
        ...{ mediaStartMs: 0, mediaEndMs: 4_000, arrivalAt: T0 as never, arrivalMonoMs: 0 as never },
      },
      { method: 'min-arrival', offsetMs: T0 - 9_000_000, latencyMs: 0, boundMs: 300 },
    );
    await putFilm(parts.files.path(torn), film, T0 - 60_000, 500);
    parts.told.holds = [{ camera: cameraA, from: T0 - 8_996_000, to: T0 - 8_990_000 }];
    await reconcile({ ...parts, inspect: inspectFile }, 0);
    expect(existsSync(parts.files.path(torn))).toBe(true);
  });

  it('leaves a file that is being written though somebody set the clock that dates it back', async () => {
    await using parts = await openParts();
    const file = `${cameraA}/run/000001.mp4`;
    await putFilm(parts.files.path(file), film, T0 - 7_200_000 - 1_000);
    const files = { ...parts.files, now: () => T0 - 7_200_000 };
    await reconcile({ ...parts, files, inspect: inspectFile }, 120_000);
    expect(parts.facts('segment.closed')).toEqual([]);
  });

  it('tells a row without a file as lost, but does not believe that everything is gone', async () => {
    await using parts = await openParts();
    const files: string[] = [];
    for (let i = 0; i < 60; i += 1) files.push(await parts.keep(cameraA, T0 - 400_000 + i * 4_000, 10));
    const all = { ...parts, inspect: inspectFile };
    await rm(parts.files.path(files[3] ?? ''));
    await reconcile(all, 0);
    expect(parts.facts('segment.deleted').map(({ reason }) => reason)).toEqual(['lost']);
    expect(parts.logged).toContain('1/60: footage.lost');
    await rm(join(parts.root, cameraA), { recursive: true });
    await reconcile(all, 0);
    expect(parts.facts('segment.deleted')).toHaveLength(1);
    expect(parts.index.kept({}, 99)).toHaveLength(59);
    expect(parts.logged).toContain('59/59: footage.missing');
  });
});
