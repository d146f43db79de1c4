/** One of the five faces, drawn from the shared data; always beside its word, which screen readers read instead. */

import { FACE_DISC, FACE_INK, FACE_VIEW_BOX, faceOf, SMALL_FACE_PX } from '@hailong/shared/look/faces.ts';
import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import type { ReactNode } from 'react';

/** The drawing alone, for use inside another SVG. */
export function FaceShape({ level, small }: { level: LevelKey; small: boolean }): ReactNode {
  const face = faceOf(level, small);
  return (
    <>
      <circle
        cx={FACE_DISC.x}
        cy={FACE_DISC.y}
        r={FACE_DISC.radius}
        fill={face.fill}
        stroke={FACE_INK}
        strokeWidth={face.edgeWidthPx}
      />
      {face.parts.map((part) =>
        part.kind === 'dot' ? (
          <circle key={`dot${part.x}`} cx={part.x} cy={part.y} r={part.radius} fill={face.features} />
        ) : part.kind === 'fill' ? (
          <path key={part.path} d={part.path} fill={face.features} />
        ) : (
          <path
            key={part.path}
            d={part.path}
            fill="none"
            stroke={face.features}
            strokeWidth={part.widthPx}
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        ),
      )}
    </>
  );
}

export function Face({ level, size }: { level: LevelKey; size: number }): ReactNode {
  return (
    <svg className="face" viewBox={FACE_VIEW_BOX} width={size} height={size} aria-hidden="true">
      <FaceShape level={level} small={size < SMALL_FACE_PX} />
    </svg>
  );
}
