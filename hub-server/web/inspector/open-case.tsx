/** The minimal case: type, document number, purpose, what it is of, disputed. Without it no picture is shown. */
import type { PlacesAnswer } from '@hailong/shared/protocol/cases.ts';
import type { CaseAnswer, CaseType, TransactionAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { type Answer, call } from '../common/api.ts';
import { AskDialog } from '../common/ask-dialog.tsx';
import { hms } from '../common/format.ts';
import { useText } from '../common/lang.ts';
import { asUtc, localMinute } from '../common/local-minute.ts';
import { Field, Note, ProblemNote } from '../common/parts.tsx';
import { useLoad } from '../common/use-load.ts';
import { words } from '../common/words.ts';
import { caseText } from './case-text.ts';
import { inspectorText } from './text.ts';
import { TimeField } from './time-fields.tsx';

const TYPES: readonly CaseType[] = ['verification', 'feedback', 'complaint', 'appeal', 'denunciation'];
const HALF_HOUR_MS = 1_800_000;

/** `transaction` null: of a time of one counter. */
export function OpenCase({
  transaction,
  onClose,
  onOpened,
}: {
  transaction: TransactionAnswer | null;
  onClose: () => void;
  onOpened: (id: string) => void;
}): ReactNode {
  const text = useText(inspectorText);
  const cases = useText(caseText);
  const common = useText(words);
  const [type, setType] = useState<CaseType>('verification');
  const [documentNumber, setDocumentNumber] = useState('');
  const [purpose, setPurpose] = useState('');
  const [disputed, setDisputed] = useState(false);
  const [petitioner, setPetitioner] = useState({ name: '', contact: '' });
  const [interval, setInterval] = useState(() => ({
    ...{ counterId: '', from: localMinute(Date.now() - HALF_HOUR_MS), to: localMinute(Date.now()) },
  }));
  const create = (): Promise<Answer<CaseAnswer>> => {
    const of =
      transaction === null
        ? { interval: { ...interval, from: asUtc(interval.from), to: asUtc(interval.to) } }
        : { transactionId: transaction.transactionId };
    return call('POST', '/api/v1/cases', {
      ...{ type, documentNumber, purpose, disputed, ...of },
      ...(petitioner.name.trim() === '' ? {} : { petitioner }),
    });
  };
  const title =
    transaction === null
      ? cases.intervalHead
      : text.caseFor(transaction.queueNumber ?? transaction.dossierCodes[0] ?? hms(transaction.openedAt));
  return (
    <AskDialog
      title={title}
      go={text.create}
      ask={create}
      onDone={({ id }) => onOpened(id)}
      onClose={onClose}
    >
      {transaction === null && <IntervalFields value={interval} onChange={setInterval} />}
      <Field label={text.type}>
        {(tied) => (
          <select
            {...tied}
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
      {type === 'denunciation' && <Note tone="attention" head={cases.denunciationWhy} />}
      <Field label={text.documentNumber} hint={text.documentHint}>
        {(tied) => (
          <input
            {...tied}
            value={documentNumber}
            onChange={(event) => setDocumentNumber(event.target.value)}
            maxLength={60}
            required
          />
        )}
      </Field>
      <Field label={text.purpose} hint={type === 'denunciation' ? undefined : text.purposeHint}>
        {(tied) => (
          <textarea
            {...tied}
            value={purpose}
            onChange={(event) => setPurpose(event.target.value)}
            minLength={5}
            maxLength={500}
            required
          />
        )}
      </Field>
      {type !== 'verification' && (
        <>
          <Field label={cases.petitionerName} hint={cases.petitionerHint}>
            {(tied) => (
              <input
                {...tied}
                value={petitioner.name}
                onChange={(event) => setPetitioner({ ...petitioner, name: event.target.value })}
                maxLength={120}
                autoComplete="off"
              />
            )}
          </Field>
          <Field label={cases.petitionerContact}>
            {(tied) => (
              <input
                {...tied}
                value={petitioner.contact}
                onChange={(event) => setPetitioner({ ...petitioner, contact: event.target.value })}
                maxLength={200}
                autoComplete="off"
              />
            )}
          </Field>
        </>
      )}
      <label className="check">
        <input type="checkbox" checked={disputed} onChange={(event) => setDisputed(event.target.checked)} />
        {text.disputed}
      </label>
    </AskDialog>
  );
}

interface IntervalDraft {
  readonly counterId: string;
  readonly from: string;
  readonly to: string;
}

function IntervalFields({
  value,
  onChange,
}: {
  value: IntervalDraft;
  onChange: (value: IntervalDraft) => void;
}): ReactNode {
  const text = useText(caseText);
  const places = useLoad<PlacesAnswer>('/api/v1/places');
  return (
    <>
      <p className="muted">{text.intervalWhy}</p>
      {places.problem && <ProblemNote problem={places.problem} retry={() => void places.reload()} />}
      <Field label={text.counter}>
        {(tied) => (
          <select
            {...tied}
            value={value.counterId}
            onChange={(event) => onChange({ ...value, counterId: event.target.value })}
            required
          >
            <option value="" />
            {places.value?.counters.map((each) => (
              <option key={each.id} value={each.id}>
                {each.number} – {each.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div className="case-times">
        <TimeField label={text.from} value={value.from} onChange={(from) => onChange({ ...value, from })} />
        <TimeField label={text.to} value={value.to} onChange={(to) => onChange({ ...value, to })} />
      </div>
    </>
  );
}
