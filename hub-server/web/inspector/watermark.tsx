/** Viewer · case · time, tiled at −18° in white 50 % on every picture (tokens.md): a photo of the screen names its maker. */
import type { ReactNode } from 'react';
import { useId } from 'react';

/** Tiles: wide enough for a long name, near enough that no face-sized part stays bare. */
const TILE = { width: 360, height: 84 };

export function Watermark({ text, size }: { text: string; size: number }): ReactNode {
  const id = useId();
  const width = Math.max(TILE.width, text.length * size * 0.62) * (size / 15);
  const height = TILE.height * (size / 15);
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
