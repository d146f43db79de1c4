import type { ReactNode } from 'react';
import { keepWords } from '../text/line-breaks.ts';
import { TickIcon } from './icons.tsx';

interface ChipTileProps {
  readonly word: string;
  readonly chosen: boolean;
  readonly onPress: () => void;
}

/** One chip: a box to tick and its words. All are equal in size and edge, whatever set they are of. */
export function ChipTile({ word, chosen, onPress }: ChipTileProps): ReactNode {
  return (
    <button type="button" className="chip" aria-pressed={chosen} onClick={onPress}>
      <span className="chip-box">{chosen && <TickIcon />}</span>
      <span className="chip-word">{keepWords(word)}</span>
    </button>
  );
}
