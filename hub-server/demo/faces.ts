/** The level faces as SVG text, for the keys of the simulated panel. */

import { FACE_DISC, FACE_INK, FACE_VIEW_BOX, type FacePart, faceOf } from '@hailong/shared/look/faces.ts';
import type { LevelKey } from '@hailong/shared/model/instrument.ts';

function part(each: FacePart, colour: string): string {
  if (each.kind === 'dot')
    return `<circle cx="${each.x}" cy="${each.y}" r="${each.radius}" fill="${colour}"/>`;
  if (each.kind === 'fill')
    return `<path d="${each.path}" fill="${colour}" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/>`;
  return `<path d="${each.path}" fill="none" stroke="${colour}" stroke-width="${each.widthPx}" stroke-linecap="round" stroke-linejoin="round"/>`;
}

export function faceSvg(level: LevelKey): string {
  const face = faceOf(level);
  return `<svg viewBox="${FACE_VIEW_BOX}" xmlns="http://www.w3.org/2000/svg" aria-hidden="true"><circle cx="${FACE_DISC.x}" cy="${FACE_DISC.y}" r="${FACE_DISC.radius}" fill="${face.fill}" stroke="${FACE_INK}" stroke-width="${face.edgeWidthPx}"/>${face.parts.map((each) => part(each, face.features)).join('')}</svg>`;
}
