/** A row of the map that was never so: what follows, why, and then it goes. */
import type { MapRow } from '@hailong/shared/protocol/camera-map.ts';
import type { FormEvent, ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { useText } from '../../common/lang.ts';
import { Dialog, Key, ProblemNote } from '../../common/parts.tsx';
import { WordsField } from '../../common/second-person.tsx';
import type { Problem } from '../../common/wire.ts';
import { words } from '../../common/words.ts';
import { cameraMapText } from './camera-map-text.ts';

export function RemoveMapDialog({
  path,
  row,
  title,
  onClose,
  onRemoved,
}: {
  path: string;
  row: MapRow;
  title: string;
  onClose: () => void;
  onRemoved: () => void;
}): ReactNode {
  const text = useText(cameraMapText);
  const common = useText(words);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const remove = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const { counterId, from } = row;
    const answer = await call('POST', `${path}/remove`, { counterId, from, reason });
    setBusy(false);
    if (answer.ok) onRemoved();
    else setProblem(answer.problem);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text.removeWhy}</p>
      <form onSubmit={(event) => void remove(event)}>
        <WordsField label={text.removeReason} value={reason} onChange={setReason} />
        {problem && <ProblemNote problem={problem} />}
        <div className="keys">
          <Key main submit busy={busy}>
            {busy ? common.wait : text.removeDo}
          </Key>
          <Key onPress={onClose}>{common.cancel}</Key>
        </div>
      </form>
    </Dialog>
  );
}
