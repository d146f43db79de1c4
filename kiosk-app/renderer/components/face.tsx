import { FACE_DISC, FACE_INK, FACE_VIEW_BOX, type FacePart, faceOf } from '@hailong/shared/look/faces.ts';
import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import type { ReactNode } from 'react';

function drawPart(part: FacePart, colour: string): ReactNode {
  switch (part.kind) {
    case 'line':
      return <path key={part.path} d={part.path} fill="none" stroke={colour} strokeWidth={part.widthPx} />;
    case 'fill':
      return <path key={part.path} d={part.path} fill={colour} stroke={colour} strokeWidth={4} />;
    case 'dot':
      return <circle key={part.x} cx={part.x} cy={part.y} r={part.radius} fill={colour} />;
    default:
      return part satisfies never;
  }
}

/** The face of a level. Its word stands beside it, so it is hidden from screen readers. */
export function Face({ level }: { level: LevelKey }): ReactNode {
  const face = faceOf(level);
  const { x, y, radius } = FACE_DISC;
  return (
    <svg
      className="face"
      viewBox={FACE_VIEW_BOX}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <circle cx={x} cy={y} r={radius} fill={face.fill} stroke={FACE_INK} strokeWidth={face.edgeWidthPx} />
      {face.parts.map((part) => drawPart(part, face.features))}
    </svg>
  );
}
