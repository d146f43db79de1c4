/** The foot of a form that is saved whole: what went wrong, that it is saved, the key. */
import type { ReactNode } from 'react';
import { useText } from '../../common/lang.ts';
import { Key, Note, ProblemNote } from '../../common/parts.tsx';
import { words } from '../../common/words.ts';
import type { Saving } from './use-save.ts';

export function SaveFoot({ saving, done }: { saving: Saving; done: string }): ReactNode {
  const common = useText(words);
  const { isBusy, isDone, problem } = saving;
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      {isDone && <Note tone="ok" head={done} />}
      <div className="keys">
        <Key main submit busy={isBusy}>
          {isBusy ? common.wait : common.save}
        </Key>
      </div>
    </>
  );
}
