/*
 * Recorded segments in a real Chromium, by its own HLS player and by hls.js: every picture of every segment is shown,
 * once, across runs; a seek lands where it was asked. Segments are cut by ffmpeg exactly as the recorder cuts them.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { readFmp4 } from '@hailong/device-drivers/media/fmp4.ts';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Piece } from '../../hub-server/src/domain/footage/clip.ts';
import { buildPlaylist } from '../../hub-server/src/domain/footage/playlist.ts';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { inRepo } from '../support/paths.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const place = findFfmpeg();
const chromium = await findChromium();
const skipped = place === null || chromium === undefined;

/** Two runs of 10 s at 12 pictures a second, key frames every second, segments of 4 s: 4 + 4 + 2, twice. */
const RUN_SECONDS = 10;
const FRAMES = 2 * RUN_SECONDS * 12;

let folder: TempFolder;
let server: Server;
let browser: Browser;
let base = '';

async function record(run: string): Promise<void> {
  const args = [
    ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=12', '-t', String(RUN_SECONDS)],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '12', '-bf', '0'],
    ...['-f', 'segment', '-segment_time', '4', '-reset_timestamps', '1', '-segment_format', 'mp4'],
    ...['-segment_format_options', 'movflags=+frag_keyframe+empty_moov+default_base_moof'],
  ];
  await promisify(execFile)(place?.ffmpeg ?? '', [...args, join(folder.path, `${run}-%06d.mp4`)]);
}

beforeAll(async () => {
  if (skipped) return;
  folder = await tempFolder('play');
  await record('a');
  await record('b');
  const names = ['a', 'b'].flatMap((run) => [0, 1, 2].map((i) => `${run}-00000${i}.mp4`));
  const files = new Map<string, Buffer>();
  const pieces: Piece[] = [];
  for (const name of names) {
    const bytes = await readFile(join(folder.path, name));
    const film = readFmp4(bytes);
    if (film === null) throw new Error(name);
    files.set(name, bytes);
    const segment = {
      id: name,
      bytes: bytes.length,
      initBytes: film.initBytes,
    } as unknown as Piece['segment'];
    const startSeconds = pieces.reduce((sum, piece) => sum + piece.durationSeconds, 0);
    const wallFrom = 1_795_000_000_000 + startSeconds * 1_000;
    const durationSeconds = film.durationMs / 1_000;
    pieces.push({ segment, startSeconds, durationSeconds, wallFrom, wallTo: wallFrom + film.durationMs });
  }
  const playlist = buildPlaylist(pieces, (id) => `/segment/${id}`);
  const hls = await readFile(inRepo('node_modules/hls.js/dist/hls.min.js'));
  server = createServer((request, response) => {
    const bytes = files.get(request.url?.replace('/segment/', '') ?? '');
    const type = (name: string) => ({ 'Content-Type': name });
    if (request.url === '/clip.m3u8')
      return response.writeHead(200, type('application/vnd.apple.mpegurl')).end(playlist);
    if (request.url === '/hls.js') return response.writeHead(200, type('text/javascript')).end(hls);
    if (bytes === undefined)
      return response
        .writeHead(200, type('text/html'))
        .end('<video muted></video><script src="/hls.js"></script>');
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const from = Number(range?.[1] ?? 0);
    const to = Math.min(Number(range?.[2] || bytes.length - 1), bytes.length - 1);
    response.writeHead(range ? 206 : 200, {
      ...type('video/mp4'),
      'Accept-Ranges': 'bytes',
      ...(range ? { 'Content-Range': `bytes ${from}-${to}/${bytes.length}` } : {}),
    });
    return response.end(bytes.subarray(from, to + 1));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await folder?.remove();
});

/** Runs in the page: plays to the end, then seeks. */
const PLAY = `async (native) => {
  const video = document.querySelector('video');
  const errors = [];
  video.onerror = () => errors.push(String(video.error && video.error.message));
  const once = (name) => Promise.race([
    new Promise((done) => video.addEventListener(name, done, { once: true })),
    new Promise((done) => setTimeout(done, 60000)),
  ]);
  if (native && !video.canPlayType('application/vnd.apple.mpegurl')) return null;
  const loaded = once('loadeddata');
  if (native) video.src = '/clip.m3u8';
  else {
    const hls = new Hls();
    hls.on(Hls.Events.ERROR, (_event, data) => errors.push(data.details));
    hls.loadSource('/clip.m3u8');
    hls.attachMedia(video);
  }
  await loaded;
  const duration = video.duration;
  video.playbackRate = 4;
  const ended = once('ended');
  await video.play();
  await ended;
  const frames = video.getVideoPlaybackQuality().totalVideoFrames;
  const seeked = once('seeked');
  video.currentTime = 13.5;
  await seeked;
  return { duration, frames, ended: video.ended || video.currentTime > 0, at: video.currentTime, errors };
}`;

it.skipIf(skipped).for([
  ['Chromium’s own player', true],
  ['hls.js', false],
] as const)('%s shows every picture once and seeks', async ([_name, native], { skip }) => {
  const page = await browser.newPage();
  await page.goto(base);
  const seen = (await page.evaluate(`(${PLAY})(${native})`)) as Record<string, unknown> | null;
  await page.close();
  if (seen === null) return skip('skipped: this Chromium plays no HLS itself');
  expect(seen['errors']).toEqual([]);
  expect(seen['duration']).toBeCloseTo(2 * RUN_SECONDS, 0);
  expect(seen['frames']).toBe(FRAMES);
  expect(seen['at']).toBeCloseTo(13.5, 1);
});
