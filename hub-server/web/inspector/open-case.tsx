/** The minimal case: type, document number, purpose, disputed. Without it no picture is shown. */
import type { CaseAnswer, CaseType, TransactionAnswer } from '@hailong/shared/protocol/http.ts';
import type { FormEvent, ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../common/api.ts';
import { useText } from '../common/lang.ts';
import { Dialog, Field, Key, ProblemNote } from '../common/parts.tsx';
import type { Problem } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { inspectorText } from './text.ts';

const TYPES: readonly CaseType[] = ['verification', 'feedback', 'complaint', 'denunciation'];

export function OpenCase({
  transaction,
  onClose,
  onOpened,
}: {
  transaction: TransactionAnswer;
  onClose: () => void;
  onOpened: (id: string) => void;
}): ReactNode {
  const text = useText(inspectorText);
  const common = useText(words);
  const [type, setType] = useState<CaseType>('verification');
  const [documentNumber, setDocumentNumber] = useState('');
  const [purpose, setPurpose] = useState('');
  const [disputed, setDisputed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const { transactionId } = transaction;
    const answer = await call<CaseAnswer>('POST', '/api/v1/cases', {
      type,
      documentNumber,
      purpose,
      disputed,
      transactionId,
    });
    setBusy(false);
    if (answer.ok) onOpened(answer.value.id);
    else setProblem(answer.problem);
  };
  return (
    <Dialog title={text.caseFor(transaction.queueNumber ?? '')} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <Field label={text.type}>
          {(id) => (
            <select
              id={id}
              value={type}
              onChange={(event) => setType(TYPES.find((each) => each === event.target.value) ?? type)}
            >
              {TYPES.map((each) => (
                <option key={each} value={each}>
                  {common.caseTypes[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={text.documentNumber} hint={text.documentHint}>
          {(id) => (
            <input
              id={id}
              value={documentNumber}
              onChange={(event) => setDocumentNumber(event.target.value)}
              maxLength={60}
              required
            />
          )}
        </Field>
        <Field label={text.purpose} hint={text.purposeHint}>
          {(id) => (
            <textarea
              id={id}
              value={purpose}
              onChange={(event) => setPurpose(event.target.value)}
              minLength={5}
              maxLength={500}
              required
            />
          )}
        </Field>
        <label className="check">
          <input type="checkbox" checked={disputed} onChange={(event) => setDisputed(event.target.checked)} />
          {text.disputed}
        </label>
        {problem && <ProblemNote problem={problem} />}
        <div className="keys">
          <Key main submit busy={busy}>
            {busy ? common.wait : text.create}
          </Key>
          <Key onPress={onClose}>{common.cancel}</Key>
        </div>
      </form>
    </Dialog>
  );
}
