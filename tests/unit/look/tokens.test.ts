/* The measured promises of the palette: contrast, falling lightness, and faces that agree with the tokens. */
import { readFileSync } from 'node:fs';
import { FACE_INK, faceOf } from '@hailong/shared/look/faces.ts';
import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import { describe, expect, it } from 'vitest';
import { inRepo } from '../../support/paths.ts';

const css = readFileSync(inRepo('shared/src/look/tokens.css'), 'utf8');
const token = (name: string): string => {
  const found = new RegExp(`--${name}:\\s*(#[0-9a-f]{6})`).exec(css)?.[1];
  if (found === undefined) throw new Error(`no token ${name}`);
  return found;
};

/** Relative luminance, WCAG 2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const contrast = (a: string, b: string): number => {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};
const lightness = (hex: string): number => 116 * Math.cbrt(luminance(hex)) - 16;
const levels: readonly LevelKey[] = [5, 4, 3, 2, 1];

describe('tokens', () => {
  it.each([
    ['ink', 'paper'],
    ['ink', 'card'],
    ['ink', 'hub'],
    ['ink-2', 'paper'],
    ['ink-2', 'card'],
    ['accent', 'paper'],
    ['accent', 'accent-weak'],
    ['card', 'accent'],
    ['card', 'accent-pressed'],
    ['critical', 'card'],
    ['attention', 'card'],
  ])('%s on %s reads at 7:1 or better', (text, ground) => {
    expect(contrast(token(text), token(ground))).toBeGreaterThanOrEqual(7);
  });

  it('gives every tappable edge 3:1', () => {
    expect(contrast(token('edge'), token('paper'))).toBeGreaterThanOrEqual(3);
    expect(contrast(token('edge'), token('card'))).toBeGreaterThanOrEqual(3);
  });

  it('lets lightness fall by at least 12 at every step of the levels', () => {
    for (let at = 1; at < levels.length; at += 1) {
      const step = lightness(token(`level-${levels[at - 1]}`)) - lightness(token(`level-${levels[at]}`));
      expect(step).toBeGreaterThanOrEqual(11.9);
    }
  });
});

describe('faces', () => {
  it.each(levels)('level %i has the colour of its token and readable features', (level) => {
    const face = faceOf(level);
    expect(face.fill).toBe(token(`level-${level}`));
    expect([FACE_INK, token('card')]).toContain(face.features);
    expect(contrast(face.features, face.fill)).toBeGreaterThanOrEqual(5);
  });

  it('drops brows and thickens lines when small', () => {
    expect(faceOf(1, true).parts).toHaveLength(faceOf(1).parts.length - 1);
    expect(faceOf(4, true).parts.at(-1)).toMatchObject({ kind: 'line', widthPx: 10 });
  });
});
