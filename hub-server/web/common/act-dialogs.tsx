/** The two answers of a second person, and withdrawing one's own: what was asked is read once more before. */
import type { ActAnswer } from '@hailong/shared/protocol/acts.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { factsOf } from './act-facts.ts';
import { actText } from './act-text.ts';
import { call } from './api.ts';
import { AskDialog } from './ask-dialog.tsx';
import { dateTime } from './format.ts';
import { useText } from './lang.ts';
import { ACTS_PATH, WordsField } from './second-person.tsx';

interface Props {
  readonly act: ActAnswer;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function ApproveDialog({ act, onClose, onDone }: Props): ReactNode {
  const text = useText(actText);
  return (
    <AskDialog
      title={text.approveAsk(text.kinds[act.kind])}
      go={text.approve}
      ask={() => call('POST', `${ACTS_PATH}/${act.id}/approve`, {})}
      onDone={onDone}
      onClose={onClose}
    >
      <Facts act={act} />
      <p>{text.approveWhy}</p>
    </AskDialog>
  );
}

export function RefuseDialog({ act, onClose, onDone }: Props): ReactNode {
  const text = useText(actText);
  const [reason, setReason] = useState('');
  const verb = act.mine ? text.withdraw : text.refuse;
  return (
    <AskDialog
      title={`${verb}: ${text.kinds[act.kind]}`}
      go={verb}
      ask={() => call('POST', `${ACTS_PATH}/${act.id}/refuse`, { reason })}
      onDone={onDone}
      onClose={onClose}
    >
      <Facts act={act} />
      <WordsField label={text.refuseReason} value={reason} onChange={setReason} />
    </AskDialog>
  );
}

function Facts({ act }: { act: ActAnswer }): ReactNode {
  const text = useText(actText);
  const { what, more } = factsOf(act, text);
  return (
    <dl className="act-facts">
      <div>
        <dt>{text.what}</dt>
        <dd>
          {what}
          {more.map((line) => (
            <div key={line}>{line}</div>
          ))}
        </dd>
      </div>
      <div>
        <dt>{text.reason}</dt>
        <dd>{act.reason}</dd>
      </div>
      <div>
        <dt>{text.askedBy}</dt>
        <dd>
          {act.askedBy.name}, {dateTime(act.askedAt)}
        </dd>
      </div>
    </dl>
  );
}
