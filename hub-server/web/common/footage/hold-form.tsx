/** Which footage to keep, until when and why. Times are Vietnam's, whatever the machine is set to. */
import type { ActAnswer } from '@hailong/shared/protocol/acts.ts';
import type { CoverageCameras } from '@hailong/shared/protocol/coverage.ts';
import type { CaseAnswer } from '@hailong/shared/protocol/http.ts';
import { VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { Answer } from '../api.ts';
import { useText } from '../lang.ts';
import { Field, Key, ProblemNote } from '../parts.tsx';
import type { Problem } from '../wire.ts';
import { words } from '../words.ts';
import { CasePicker } from './case-picker.tsx';
import { footageText } from './text.ts';

const moment = (local: string): number => Date.parse(`${local}Z`) - VIETNAM_OFFSET_MS;

/** Asks another person; what the hub says to that. */
export type AskAct = (body: object) => Promise<Answer<ActAnswer>>;

export function HoldForm({
  cameras,
  ownCases,
  ask,
  close,
}: {
  cameras: CoverageCameras['cameras'];
  /** The reader may have cases. */
  ownCases: boolean;
  ask: AskAct;
  close: () => void;
}): ReactNode {
  const text = useText(footageText);
  const common = useText(words);
  const [form, setForm] = useState({ camera: cameras[0]?.id ?? '', from: '', to: '', until: '', reason: '' });
  const [problem, setProblem] = useState<Problem | null>(null);
  const [chosen, setChosen] = useState<CaseAnswer | null>(null);
  const set = (name: keyof typeof form) => (event: { target: { value: string } }) =>
    setForm({ ...form, [name]: event.target.value });
  const ready = form.from !== '' && form.to !== '' && form.until !== '' && form.reason.trim().length >= 5;
  const send = async (): Promise<void> => {
    const body = {
      ...{ cameraId: form.camera, from: moment(form.from), to: moment(form.to) },
      caseId: chosen?.id ?? null,
      until: moment(`${form.until}T23:59:59`),
    };
    const answer = await ask({ kind: 'hold-add', body, reason: form.reason });
    setProblem(answer.ok ? null : answer.problem);
  };
  return (
    <form
      className="panel hold-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {problem && <ProblemNote problem={problem} />}
      <Field label={text.camera}>
        {(tied) => (
          <select {...tied} value={form.camera} onChange={set('camera')}>
            {cameras.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={text.from}>
        {(tied) => <input {...tied} type="datetime-local" value={form.from} onChange={set('from')} />}
      </Field>
      <Field label={text.until}>
        {(tied) => <input {...tied} type="datetime-local" value={form.to} onChange={set('to')} />}
      </Field>
      <Field label={text.keepUntil}>
        {(tied) => <input {...tied} type="date" value={form.until} onChange={set('until')} />}
      </Field>
      {ownCases && (
        <div className="hold-reason">
          <CasePicker chosen={chosen} choose={setChosen} />
        </div>
      )}
      <div className="hold-reason">
        <Field label={text.reason} hint={text.reasonHint}>
          {(tied) => <textarea {...tied} rows={2} value={form.reason} onChange={set('reason')} />}
        </Field>
      </div>
      <div className="keys">
        <Key onPress={close}>{common.cancel}</Key>
        <Key main submit disabled={!ready}>
          {text.addDo}
        </Key>
      </div>
    </form>
  );
}
