/** Each button in order: what was pressed, what is asked for, what came instead. */
import type { ReactNode } from 'react';
import type { SetupWords } from './setup-words.ts';

interface ButtonsStepProps {
  readonly words: SetupWords;
  readonly count: number;
  readonly isThere: boolean;
  readonly progress: { readonly pressed: number; readonly wrong: number | null };
  readonly onAgain: () => void;
}

export function ButtonsStep({ words, count, isThere, progress, onAgain }: ButtonsStepProps): ReactNode {
  if (!isThere || count === 0) return <p>{words.notYet}</p>;
  const { pressed, wrong } = progress;
  const isDone = pressed >= count;
  return (
    <>
      <p role="status" className={isDone ? 'note note-done' : 'ask'}>
        {isDone ? `● ${words.pressDone(count)}` : words.pressNext(pressed + 1)}
      </p>
      <ol className="buttons">
        {Array.from({ length: count }, (_, at) => at + 1).map((button) => (
          <li
            key={button}
            data-state={button <= pressed ? 'done' : button === pressed + 1 ? 'next' : 'later'}
          >
            {words.button} {button} {button <= pressed && '✓'}
          </li>
        ))}
      </ol>
      {wrong !== null && !isDone && (
        <p className="note note-attention" role="alert">
          ▲ {words.pressWrong(wrong, pressed + 1)}
        </p>
      )}
      <button type="button" onClick={onAgain}>
        {words.again}
      </button>
    </>
  );
}
