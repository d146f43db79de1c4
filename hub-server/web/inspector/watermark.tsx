/** Viewer · case · time, tiled at −18° in white 50 % on every picture: a photo of the screen names its maker. */
import type { ReactNode } from 'react';
import { useId } from 'react';

/** Between two texts and two rows, in text heights: near enough that no face-sized part stays bare. */
const GAP = 2.5;
const ROW = 5.6;

export function Watermark({ text, size }: { text: string; size: number }): ReactNode {
  const id = useId();
  const width = text.length * size * 0.62 + GAP * size;
  const height = ROW * size;
  return (
    <svg className="watermark" aria-hidden="true" width="100%" height="100%">
      <defs>
        <pattern
          id={id}
          width={width}
          height={height * 2}
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(-18)"
        >
          <text x="0" y={height * 0.6} fontSize={size}>
            {text}
          </text>
          <text x={-width / 2} y={height * 1.6} fontSize={size}>
            {text}
          </text>
          <text x={width / 2} y={height * 1.6} fontSize={size}>
            {text}
          </text>
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill={`url(#${id})`} />
    </svg>
  );
}
