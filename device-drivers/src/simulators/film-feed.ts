/**
 * Purpose: the picture of a simulated camera out of a film encoded beforehand, in real time and endlessly: twenty of them
 * cost less than drawing one. Each picture can carry its number and the moment it was sent, so that what a recorder
 * stored can be compared with what was sent, picture by picture.
 * Refuses: catching up by dropping: a late picture is sent late.
 */
import { spawn } from 'node:child_process';
import { findFfmpeg, launchOf } from '../media/find-ffmpeg.ts';
import { type AccessUnit, createAccessUnits, isParameterSet, nalType } from './camera-annexb.ts';
import type { Feed } from './camera-feed.ts';

export interface FilmOptions {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly gopMs: number;
  readonly kbps: number;
  /** A whole number of groups of pictures. */
  readonly seconds: number;
}

export interface Film {
  readonly fps: number;
  readonly units: readonly AccessUnit[];
}

/** H.264 at a constant rate, padded where the scene needs less. Throws Error('ffmpeg.missing'). */
export function encodeFilm({ width, height, fps, gopMs, kbps, seconds }: FilmOptions): Promise<Film> {
  const place = findFfmpeg();
  if (place === null) throw new Error('ffmpeg.missing');
  const rate = `${kbps}k`;
  const gop = String(Math.max(1, Math.round((gopMs / 1_000) * fps)));
  const child = spawn(
    place.launcher,
    [
      ...['-hide_banner', '-nostats', '-loglevel', 'error', '-nostdin'],
      ...['-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=${fps}`, '-t', String(seconds)],
      ...['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency'],
      ...['-g', gop, '-bf', '0', '-b:v', rate, '-minrate', rate, '-maxrate', rate, '-bufsize', rate],
      ...['-x264-params', 'aud=1:repeat-headers=1:scenecut=0:slices=1:nal-hrd=cbr'],
      ...['-f', 'h264', 'pipe:1'],
    ],
    { env: { ...process.env, ...launchOf(place.ffmpeg) }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const units: AccessUnit[] = [];
  const reader = createAccessUnits('h264', (unit) => units.push(unit));
  child.stdout.on('data', (chunk: Buffer) => reader.push(chunk));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => {
      // A delimiter twice: the reader gives a unit on when it sees the next one begin.
      reader.push(Buffer.concat([DELIMITER, DELIMITER]));
      if (code === 0 && units[0]?.key) done({ fps, units });
      else fail(new Error('ffmpeg.failed'));
    });
  });
}

const DELIMITER = Buffer.from([0, 0, 0, 1, 9, 0x10]);
/** Marks our stamps among other user data (ITU-T H.264, D.2.6); holds no zero, as nothing of a stamp does. */
const STAMP_ID = Buffer.from('hailong-picture!', 'latin1');
const STAMP_LENGTH = STAMP_ID.length + 30;

/** A picture's number and the moment it was sent, UTC ms. */
export interface Stamp {
  readonly number: number;
  readonly at: number;
}

function stampNal({ number, at }: Stamp): Buffer {
  const text = `${String(number).padStart(14, '0')},${String(at).padStart(15, '0')}`;
  return Buffer.concat([
    Buffer.from([0x06, 0x05, STAMP_LENGTH]),
    STAMP_ID,
    Buffer.from(text, 'latin1'),
    Buffer.from([0x80]),
  ]);
}

/** The stamps of all pictures in a media file, in its order. */
export function readStamps(bytes: Buffer): Stamp[] {
  const found: Stamp[] = [];
  for (let at = bytes.indexOf(STAMP_ID); at >= 0; at = bytes.indexOf(STAMP_ID, at + STAMP_LENGTH)) {
    const text = bytes.toString('latin1', at + STAMP_ID.length, at + STAMP_LENGTH);
    const match = /^(\d{14}),(\d{15})$/.exec(text);
    if (match) found.push({ number: Number(match[1]), at: Number(match[2]) });
  }
  return found;
}

export interface FilmFeedOptions {
  /** Pictures carry their number and moment. */
  readonly stamped?: boolean;
}

/** Starts to show it; the first picture is a key frame. */
export function startFilmFeed(film: Film, { stamped = false }: FilmFeedOptions = {}): Feed {
  const listeners = new Set<(unit: AccessUnit) => void>();
  const sets = (film.units[0]?.nals ?? []).filter((nal) => isParameterSet('h264', nalType('h264', nal)));
  const startedAt = performance.now();
  let number = 0;
  let timer: NodeJS.Timeout;
  const next = () => {
    const dueIn = () => startedAt + (number * 1_000) / film.fps - performance.now();
    while (dueIn() <= 0) {
      const unit = film.units[number % film.units.length] as AccessUnit;
      const stamp = stamped ? { number, at: Date.now() } : null;
      const nals = stamp === null ? unit.nals : withStamp(unit.nals, stamp);
      for (const listen of listeners) listen({ key: unit.key, nals, ...(stamped ? { number } : {}) });
      number += 1;
    }
    timer = setTimeout(next, Math.max(1, dueIn()));
  };
  timer = setTimeout(next, 0);
  return {
    clockDrawn: false,
    ready: Promise.resolve(),
    onUnit(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    parameterSets: () => sets,
    async stop() {
      clearTimeout(timer);
    },
  };
}

/** Before the picture itself and after its parameter sets, as the standard orders them. */
function withStamp(nals: readonly Buffer[], stamp: Stamp): readonly Buffer[] {
  const first = nals.findIndex((nal) => [1, 5].includes(nalType('h264', nal)));
  return [...nals.slice(0, first), stampNal(stamp), ...nals.slice(first)];
}
