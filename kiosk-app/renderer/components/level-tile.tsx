import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import type { ReactNode } from 'react';
import { levelLines } from '../text/line-breaks.ts';
import { Face } from './face.tsx';

interface LevelTileProps {
  readonly level: LevelKey;
  readonly word: string;
  readonly marked: boolean;
  readonly onPress: () => void;
}

/** One level: face, colour, position and word at once; all tiles are equal in size and edge. */
export function LevelTile({ level, word, marked, onPress }: LevelTileProps): ReactNode {
  return (
    <button
      type="button"
      className="level"
      data-marked={marked || undefined}
      aria-pressed={marked}
      onClick={onPress}
    >
      <Face level={level} />
      <span className="level-word">
        {levelLines(word).map((line) => (
          <span key={line} className="level-line">
            {line}{' '}
          </span>
        ))}
      </span>
    </button>
  );
}
