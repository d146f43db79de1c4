/** First start without the demo: the token that `serve` printed makes the first administrator and names the office. */
import type { FormEvent, ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../common/api.ts';
import { useText } from '../common/lang.ts';
import { Key, ProblemNote } from '../common/parts.tsx';
import type { Problem } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { textOf, type Values } from './fields/form.ts';
import { FormFields } from './fields/form-fields.tsx';
import { officeFields, officeOf } from './office/office-section.tsx';
import { adminText } from './text.ts';

export function Setup({ onDone }: { onDone: () => void }): ReactNode {
  const text = useText(adminText);
  const common = useText(words);
  const [person, setPerson] = useState<Values>({ token: '', username: '', name: '', password: '' });
  const [office, setOffice] = useState<Values>({ name: '', place: '', phone: '', retentionDays: '30' });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const username = textOf(person, 'username');
    const password = typeof person['password'] === 'string' ? person['password'] : '';
    const answer = await call('POST', '/api/v1/setup', {
      token: textOf(person, 'token'),
      username,
      name: textOf(person, 'name'),
      password,
      office: officeOf(office),
    });
    if (answer.ok) await call('POST', '/api/v1/session', { username, password });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) onDone();
  };
  return (
    <form className="setup" onSubmit={(event) => void submit(event)}>
      <h2>{text.setupHead}</h2>
      <p className="muted">{text.setupWhy}</p>
      <FormFields
        fields={[
          { key: 'token', label: text.setupToken, kind: 'text', required: true, min: 8, max: 100 },
          { key: 'username', label: text.username, kind: 'text', required: true, min: 3, max: 60 },
          { key: 'name', label: text.fullName, kind: 'text', required: true, max: 80 },
          {
            key: 'password',
            label: common.password,
            kind: 'password',
            required: true,
            min: 12,
            max: 200,
            hint: text.passwordHint,
          },
        ]}
        values={person}
        problem={problem}
        editing={false}
        onChange={setPerson}
      />
      <h2>{text.sections.office}</h2>
      <FormFields
        fields={officeFields(text)}
        values={office}
        problem={null}
        editing={false}
        onChange={setOffice}
      />
      {problem && <ProblemNote problem={problem} />}
      <Key main submit busy={busy}>
        {busy ? common.wait : text.setupDo}
      </Key>
    </form>
  );
}
