/*
 * A camera that films a page: the pictures a real Chromium shows, encoded, and sent by RTSP each so long after it was shown.
 * How long it was in truth is kept for each picture, since a busy machine may be late.
 */
import { spawn } from 'node:child_process';
import { findFfmpeg, launchOf } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import {
  type AccessUnit,
  createAccessUnits,
  isParameterSet,
  nalType,
} from '@hailong/device-drivers/simulators/camera-annexb.ts';
import type { Feed } from '@hailong/device-drivers/simulators/camera-feed.ts';
import { startRtspServer } from '@hailong/device-drivers/simulators/rtsp-server.ts';
import type { Page } from 'playwright-core';

export interface FilmedPage extends AsyncDisposable {
  readonly rtspUrl: string;
  /** How long after it was shown the picture of that moment was sent, ms. */
  delayOf(shownAt: number): number;
  /** By how much one picture was sent later after it was shown than another, at most: what this machine did to the film, ms. */
  spread(): number;
}

const FPS = 10;

export async function filmPage(
  page: Page,
  { delayMs, user, password }: { delayMs: number; user: string; password: string },
): Promise<FilmedPage> {
  const place = findFfmpeg();
  if (place === null) throw new Error('ffmpeg.missing');
  const encoder = spawn(
    place.launcher,
    [
      ...['-hide_banner', '-nostats', '-loglevel', 'error', '-analyzeduration', '0', '-probesize', '32'],
      ...['-f', 'image2pipe', '-c:v', 'mjpeg', '-framerate', String(FPS), '-i', 'pipe:0'],
      ...['-fps_mode', 'passthrough', '-vf', 'scale=out_range=tv,format=yuv420p', '-c:v', 'libx264'],
      ...['-preset', 'ultrafast', '-tune', 'zerolatency', '-g', String(FPS), '-bf', '0', '-crf', '20'],
      ...['-threads', '1', '-x264-params', 'aud=1:repeat-headers=1:scenecut=0:slices=1'],
      ...['-f', 'h264', '-flush_packets', '1', 'pipe:1'],
    ],
    { env: { ...process.env, ...launchOf(place.ffmpeg) }, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  encoder.stdin.on('error', () => undefined);
  const gone = new Promise<void>((done) => encoder.on('close', () => done()));

  /** When each picture was shown, and sent; UTC ms. */
  const pictures: { readonly shownAt: number; sentAt: number }[] = [];
  const listeners = new Set<(unit: AccessUnit) => void>();
  let sets: readonly Buffer[] = [];
  let encoded = 0;
  let isReady: () => void = () => undefined;
  const ready = new Promise<void>((done) => {
    isReady = done;
  });
  const units = createAccessUnits('h264', (unit) => {
    const found = unit.nals.filter((nal) => isParameterSet('h264', nalType('h264', nal)));
    if (found.length > 0) sets = found;
    const picture = pictures[encoded];
    encoded += 1;
    if (picture === undefined) throw new Error('more pictures than were shown');
    setTimeout(
      () => {
        picture.sentAt = Date.now();
        for (const listen of listeners) listen(unit);
        isReady();
      },
      Math.max(0, picture.shownAt + delayMs - Date.now()),
    );
  });
  encoder.stdout.on('data', (chunk: Buffer) => units.push(chunk));

  const session = await page.context().newCDPSession(page);
  session.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
    // The next one is taken when this one is acknowledged: not sixty a second.
    const next = () => session.send('Page.screencastFrameAck', { sessionId }).catch(() => undefined);
    setTimeout(() => void next(), 1_000 / FPS);
    pictures.push({ shownAt: (metadata.timestamp ?? 0) * 1_000, sentAt: Number.NaN });
    encoder.stdin.write(Buffer.from(data, 'base64'));
  });
  await session.send('Page.startScreencast', { format: 'jpeg', quality: 90 });

  const feed: Feed = {
    onUnit(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    parameterSets: () => sets,
    ...{ clockDrawn: true, ready },
    stop: async () => undefined,
  };
  await ready;
  const server = await startRtspServer({
    ...{ feed, codec: 'h264', path: '/stream1', auth: 'digest', user, password },
  });
  return {
    rtspUrl: server.url,
    delayOf(at) {
      const apart = (each: { shownAt: number }) => Math.abs(each.shownAt - at);
      const nearest = pictures.reduce((best, each) => (apart(each) < apart(best) ? each : best));
      return nearest.sentAt - nearest.shownAt;
    },
    spread() {
      const delays = pictures.map(({ shownAt, sentAt }) => sentAt - shownAt).filter((ms) => ms > 0);
      return Math.max(...delays) - Math.min(...delays);
    },
    async [Symbol.asyncDispose]() {
      await session.send('Page.stopScreencast').catch(() => undefined);
      await server.stop();
      encoder.stdin.end();
      encoder.kill('SIGKILL');
      await gone;
    },
  };
}
