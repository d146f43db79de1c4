/*
 * Reads the timecode a camera burnt into its picture (tests/support/gst-rtsp-server.py: HH:MM:SS:FF, light on dark, DejaVu
 * Sans Mono) digit by digit: each glyph's ink is compared with the ten digits drawn in the same face, so that no minute
 * is harder to read than another. Throws, with the picture, where it does not find eleven glyphs or two digits are equally near.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Page } from 'playwright-core';
import { inRepo } from '../support/paths.ts';

const FRAME_MS = 40;

interface Reading {
  readonly text: string | null;
  readonly why: string;
  readonly png: string;
}

/** Milliseconds within the hour that the clock shows, in the paused video or the image of `selector`. */
export async function readClock(page: Page, selector: string): Promise<number> {
  const { text, why, png } = await page.evaluate(readTimecode, selector);
  const read = /^\d\d:(\d\d):(\d\d):(\d\d)$/.exec(text ?? '');
  if (!read) {
    const file = inRepo('tests/.out/clock.png');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, Buffer.from(png, 'base64'));
    throw new Error(`no clock in ${file} (${text ?? why})`);
  }
  return (Number(read[1]) * 60 + Number(read[2])) * 1_000 + Number(read[3]) * FRAME_MS;
}

/** Stops the video at a place of the playlist and reads the clock in the picture, as ms within its hour. */
export async function clockAt(page: Page, seconds: number): Promise<number> {
  await page.evaluate(async (at) => {
    const video = document.querySelector('video');
    if (!video) throw new Error('no video');
    video.pause();
    await new Promise<void>((done) => {
      video.addEventListener('seeked', () => done(), { once: true });
      video.currentTime = at;
    });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }, seconds);
  return readClock(page, 'video');
}

const HOUR_MS = 3_600_000;

/** How much earlier than `asked` the picture was made, ms; negative: later. The hours are left out: time zones differ. */
export function earlierBy(asked: number, clock: number): number {
  const by = (((asked - clock) % HOUR_MS) + HOUR_MS) % HOUR_MS;
  return by > HOUR_MS / 2 ? by - HOUR_MS : by;
}

/** Runs in the page: everything it uses lies within. */
function readTimecode(selector: string): Reading {
  // The timecode's dark ground at the top left of the picture; around it lies a white bar.
  const [left, top, width, height, scale] = [25, 34, 360, 48, 3];
  const [gridX, gridY] = [16, 24];
  const glyphs = 'dd:dd:dd:dd';
  const sheet = (wide: number, high: number) => {
    const canvas = document.createElement('canvas');
    canvas.width = wide;
    canvas.height = high;
    const paper = canvas.getContext('2d', { willReadFrequently: true });
    if (!paper) throw new Error('no canvas');
    return { canvas, paper };
  };
  /** 0 dark … 1 light, by pixel. */
  const lightOf = (paper: CanvasRenderingContext2D, wide: number, high: number) => {
    const { data } = paper.getImageData(0, 0, wide, high);
    return Float64Array.from({ length: wide * high }, (_none, at) => {
      const [red, green, blue] = [data[at * 4] ?? 0, data[at * 4 + 1] ?? 0, data[at * 4 + 2] ?? 0];
      // The colours bleed in a compressed picture, the brightness does not; a shaded white bar has 160.
      const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
      return Math.min(1, Math.max(0, (luma - 170) / 60));
    });
  };
  interface Box {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  }
  /** Ink between empty columns, each as tall as its own ink. Glyphs lie far apart; where two of the ground's colours meet, one may break. */
  const boxesOf = (light: Float64Array, wide: number, high: number): Box[] => {
    const inked = (x: number, y: number) => (light[y * wide + x] ?? 0) > 0.5;
    const rows = (x: number) => Array.from({ length: high }, (_none, y) => y).filter((y) => inked(x, y));
    const boxes: Box[] = [];
    for (let x = 0; x < wide; x++) {
      const left = x;
      const ys: number[] = [];
      for (let here = rows(x); here.length > 0; here = rows(++x)) ys.push(...here);
      if (x - left < scale) continue;
      const box = { left, right: x, top: Math.min(...ys), bottom: Math.max(...ys) + 1 };
      const before = boxes.at(-1);
      if (before === undefined || left - before.right > 2 * scale) boxes.push(box);
      else
        boxes[boxes.length - 1] = {
          ...{ left: before.left, right: x },
          ...{ top: Math.min(before.top, box.top), bottom: Math.max(before.bottom, box.bottom) },
        };
    }
    return boxes;
  };
  /** The ink of a box, stretched over one grid for all. */
  const inkOf = (light: Float64Array, wide: number, box: Box): number[] =>
    Array.from({ length: gridX * gridY }, (_none, cell) => {
      const at = (from: number, to: number, part: number) => (from + (to - from) * part) | 0;
      const [cx, cy] = [cell % gridX, Math.floor(cell / gridX)];
      let sum = 0;
      let n = 0;
      for (
        let y = at(box.top, box.bottom, cy / gridY);
        y <= at(box.top, box.bottom - 1, (cy + 1) / gridY);
        y++
      )
        for (
          let x = at(box.left, box.right, cx / gridX);
          x <= at(box.left, box.right - 1, (cx + 1) / gridX);
          x++
        ) {
          sum += light[y * wide + x] ?? 0;
          n += 1;
        }
      return n === 0 ? 0 : sum / n;
    });

  const shown = sheet(width * scale, height * scale);
  const picture = document.querySelector<HTMLVideoElement | HTMLImageElement>(selector);
  if (!picture) throw new Error(`no ${selector}`);
  shown.paper.drawImage(picture, left, top, width, height, 0, 0, width * scale, height * scale);
  const png = shown.canvas.toDataURL('image/png').split(',')[1] ?? '';
  const light = lightOf(shown.paper, width * scale, height * scale);
  const boxes = boxesOf(light, width * scale, height * scale);
  if (boxes.length !== glyphs.length) return { text: null, why: `${boxes.length} glyphs`, png };

  const known = Array.from({ length: 10 }, (_none, digit) => {
    const { paper } = sheet(200, 200);
    paper.fillStyle = '#fff';
    paper.font = '120px "DejaVu Sans Mono"';
    paper.fillText(String(digit), 40, 150);
    const ink = lightOf(paper, 200, 200);
    const [box] = boxesOf(ink, 200, 200);
    if (!box) throw new Error('no glyph');
    return inkOf(ink, 200, box);
  });
  let text = '';
  for (const [place, box] of boxes.entries()) {
    if (glyphs[place] === ':') {
      text += ':';
      continue;
    }
    const ink = inkOf(light, width * scale, box);
    const apart = known
      .map((digit, value) => ({
        value,
        by: digit.reduce((sum, cell, at) => sum + Math.abs(cell - (ink[at] ?? 0)), 0) / digit.length,
      }))
      .sort((a, b) => a.by - b.by);
    const [nearest, second] = apart;
    if (!nearest || !second || nearest.by > 0.8 * second.by) {
      const near = apart.slice(0, 2).map(({ value, by }) => `${value} (${by.toFixed(3)})`);
      return { text: null, why: `glyph ${place} is ${near.join(' or ')}`, png };
    }
    text += String(nearest.value);
  }
  return { text, why: '', png };
}
