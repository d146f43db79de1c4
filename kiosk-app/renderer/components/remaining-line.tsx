import type { CSSProperties, ReactNode } from 'react';

interface RemainingLineProps {
  readonly closeAfterMs: number;
  readonly closesInMs: number;
}

/**
 * The time left, as an even line at the foot. It runs by the browser's animation, so nothing ticks in script; under
 * reduced motion it moves in steps of a second (style/question.css). Give it a new React key with every screen.
 */
export function RemainingLine({ closeAfterMs, closesInMs }: RemainingLineProps): ReactNode {
  const style: CSSProperties & Record<`--${string}`, string | number> = {
    '--close-after': `${closeAfterMs}ms`,
    '--already': `${closesInMs - closeAfterMs}ms`,
    '--seconds': Math.max(1, Math.round(closeAfterMs / 1000)),
  };
  return (
    <div className="remaining" aria-hidden="true">
      <div className="remaining-bar" style={style} />
    </div>
  );
}
