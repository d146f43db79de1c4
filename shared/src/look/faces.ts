/**
 * The five faces as plain drawing data, for any renderer. A face, its colour and its word never change meaning
 * between instruments; no tears, teeth, hands or hearts, and nothing that moves. Lightness falls at every step from
 * 5 to 1, so greyscale and print keep the order. viewBox 0 0 120 120, round caps and joins.
 */
import type { LevelKey } from '../model/instrument.ts';

export const FACE_VIEW_BOX = '0 0 120 120';
export const FACE_INK = '#14242b';

export type FacePart =
  | { readonly kind: 'line'; readonly path: string; readonly widthPx: number }
  | { readonly kind: 'fill'; readonly path: string }
  | { readonly kind: 'dot'; readonly x: number; readonly y: number; readonly radius: number };

export interface FaceDrawing {
  /** The disc: centre 60,60, radius 56. */
  readonly fill: string;
  readonly edgeWidthPx: number;
  /** Colour of eyes, brows and mouth. */
  readonly features: string;
  readonly parts: readonly FacePart[];
}

export const FACE_DISC = { x: 60, y: 60, radius: 56 } as const;

interface FaceShape {
  readonly fill: string;
  readonly features: string;
  /** Height of the dot eyes, or the arched eyes' path. */
  readonly eyes: number | string;
  readonly brows?: string;
  readonly mouth: { readonly kind: 'line' | 'fill'; readonly path: string };
}

const SHAPES: Readonly<Record<LevelKey, FaceShape>> = {
  5: {
    fill: '#ffd34d',
    features: FACE_INK,
    eyes: 'M33 53q9-14 18 0M69 53q9-14 18 0',
    mouth: { kind: 'fill', path: 'M34 68H86A26 25 0 0 1 34 68Z' },
  },
  4: {
    fill: '#e6ab4f',
    features: FACE_INK,
    eyes: 49,
    mouth: { kind: 'line', path: 'M35 70Q60 97 85 70' },
  },
  3: { fill: '#98938a', features: FACE_INK, eyes: 50, mouth: { kind: 'line', path: 'M38 78H82' } },
  2: {
    fill: '#4d6f97',
    features: '#ffffff',
    eyes: 51,
    mouth: { kind: 'line', path: 'M37 87Q60 66 83 87' },
  },
  1: {
    fill: '#2a3466',
    features: '#ffffff',
    eyes: 55,
    // Worried, never angry: the inner ends are raised.
    brows: 'M31 43L48 35M89 43L72 35',
    mouth: { kind: 'fill', path: 'M41 91A19 19 0 0 1 79 91Z' },
  },
};

/** Below this size on screen lines are thicker and brows are dropped. */
export const SMALL_FACE_PX = 32;

/** The drawing of a level; `small` below 32 px on screen. */
export function faceOf(level: LevelKey, small = false): FaceDrawing {
  const shape = SHAPES[level];
  const widthPx = small ? 10 : 7;
  const parts: FacePart[] = [];
  if (typeof shape.eyes === 'string') parts.push({ kind: 'line', path: shape.eyes, widthPx });
  else {
    for (const x of [42, 78]) parts.push({ kind: 'dot', x, y: shape.eyes, radius: small ? 8 : 6.5 });
  }
  if (shape.brows !== undefined && !small) parts.push({ kind: 'line', path: shape.brows, widthPx });
  parts.push(
    shape.mouth.kind === 'line'
      ? { ...shape.mouth, kind: 'line', widthPx }
      : { ...shape.mouth, kind: 'fill' },
  );
  return { fill: shape.fill, features: shape.features, edgeWidthPx: small ? 5 : 3, parts };
}
