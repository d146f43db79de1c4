/**
 * What the office says at rest: its notices and last month's line, one at a time in one place. They follow each other by
 * themselves; a touch leads on and holds the next one, so that a slow reader is not hurried.
 */
import type { ShownNotice } from '@hailong/shared/model/notice.ts';
import { type ReactNode, useEffect, useState } from 'react';
import { useKiosk } from '../kiosk-context.ts';
import { keepWords } from '../text/line-breaks.ts';

/** Long enough to read three lines twice. */
const TURN_MS = 15_000;
const HELD_MS = 60_000;

interface Line {
  readonly text: string;
  readonly lang: string;
}

export function Board({
  notices,
  lastMonth,
}: {
  notices: readonly ShownNotice[];
  lastMonth: string | null;
}): ReactNode {
  const { text, language } = useKiosk();
  const lines: Line[] = notices.map(({ vi, en }) =>
    language !== 'vi' && en !== null ? { text: en, lang: 'en' } : { text: vi, lang: 'vi' },
  );
  if (lastMonth !== null) lines.push({ text: lastMonth, lang: language });
  const [turn, setTurn] = useState({ at: 0, forMs: TURN_MS });
  const count = lines.length;
  useEffect(() => {
    if (count < 2) return;
    const timer = setTimeout(() => setTurn(({ at }) => ({ at: at + 1, forMs: TURN_MS })), turn.forMs);
    return () => clearTimeout(timer);
  }, [turn, count]);
  const [only] = lines;
  if (only === undefined) return null;
  if (count === 1)
    return (
      <p className={notices.length === 0 ? 'last-month' : 'last-month board'} lang={only.lang}>
        {keepWords(only.text)}
      </p>
    );
  const at = turn.at % count;
  return (
    <button
      type="button"
      className="key board board-turns"
      onClick={() => setTurn({ at: at + 1, forMs: HELD_MS })}
    >
      <span className="board-lines">
        {lines.map((line, n) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: two may say the same
            key={n}
            lang={line.lang}
            className={n === at ? 'board-line' : 'board-line board-away'}
            aria-hidden={n !== at}
          >
            {keepWords(line.text)}
          </span>
        ))}
      </span>
      <span className="board-count" aria-label={text.noticeOf(at + 1, count)} role="img">
        {at + 1}/{count}
      </span>
    </button>
  );
}
