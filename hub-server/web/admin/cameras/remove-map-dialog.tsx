/** A row of the map that was never so: what follows, why, and then it goes. */
import type { MapRow } from '@hailong/shared/protocol/camera-map.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { AskDialog } from '../../common/ask-dialog.tsx';
import { useText } from '../../common/lang.ts';
import { WordsField } from '../../common/second-person.tsx';
import { cameraMapText } from './camera-map-text.ts';

export function RemoveMapDialog({
  path,
  row: { counterId, from },
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
  const [reason, setReason] = useState('');
  return (
    <AskDialog
      title={title}
      go={text.removeDo}
      ask={() => call('POST', `${path}/remove`, { counterId, from, reason })}
      onDone={onRemoved}
      onClose={onClose}
    >
      <p>{text.removeWhy}</p>
      <WordsField label={text.removeReason} value={reason} onChange={setReason} />
    </AskDialog>
  );
}
