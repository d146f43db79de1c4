/** The two answers of a second person, and withdrawing one's own: what was asked is read once more before. */
import type { ActAnswer } from '@hailong/shared/protocol/acts.ts';
import type { FormEvent, ReactNode } from 'react';
import { useState } from 'react';
import { factsOf } from './act-facts.ts';
import { actText } from './act-text.ts';
import { dateTime } from './format.ts';
import { useText } from './lang.ts';
import { Dialog, Key, ProblemNote } from './parts.tsx';
import { ACTS_PATH, useSending, WordsField } from './second-person.tsx';
import { words } from './words.ts';

interface Props {
  readonly act: ActAnswer;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function ApproveDialog({ act, onClose, onDone }: Props): ReactNode {
  const text = useText(actText);
  const common = useText(words);
  const { busy, problem, send } = useSending();
  const approve = async (): Promise<void> => {
    if (await send(`${ACTS_PATH}/${act.id}/approve`, {})) onDone();
  };
  return (
    <Dialog title={text.approveAsk(text.kinds[act.kind])} onClose={onClose}>
      <Facts act={act} />
      <p>{text.approveWhy}</p>
      {problem && <ProblemNote problem={problem} />}
      <div className="keys">
        <Key main busy={busy} onPress={() => void approve()}>
          {busy ? common.wait : text.approve}
        </Key>
        <Key onPress={onClose}>{common.cancel}</Key>
      </div>
    </Dialog>
  );
}

export function RefuseDialog({ act, onClose, onDone }: Props): ReactNode {
  const text = useText(actText);
  const common = useText(words);
  const [reason, setReason] = useState('');
  const { busy, problem, send } = useSending();
  const refuse = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await send(`${ACTS_PATH}/${act.id}/refuse`, { reason })) onDone();
  };
  const verb = act.mine ? text.withdraw : text.refuse;
  return (
    <Dialog title={`${verb}: ${text.kinds[act.kind]}`} onClose={onClose}>
      <Facts act={act} />
      <form onSubmit={(event) => void refuse(event)}>
        <WordsField label={text.refuseReason} value={reason} onChange={setReason} />
        {problem && <ProblemNote problem={problem} />}
        <div className="keys">
          <Key main submit busy={busy}>
            {busy ? common.wait : verb}
          </Key>
          <Key onPress={onClose}>{common.cancel}</Key>
        </div>
      </form>
    </Dialog>
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
