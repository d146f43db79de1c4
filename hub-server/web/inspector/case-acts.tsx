/** What else may be done with a case: mark it, see more by a second person's word, tell the officer, read who brought it. */
import type { ActAnswer } from '@hailong/shared/protocol/acts.ts';
import type { PetitionerAnswer } from '@hailong/shared/protocol/cases.ts';
import type { CaseAnswer } from '@hailong/shared/protocol/http.ts';
import type { FormEvent, ReactNode } from 'react';
import { useState } from 'react';
import { type Answer, call } from '../common/api.ts';
import { dateTime } from '../common/format.ts';
import { useText } from '../common/lang.ts';
import { Dialog, Key, ProblemNote } from '../common/parts.tsx';
import { ACTS_PATH, AskedNote, spanOf, useActs, WordsField, waitingOf } from '../common/second-person.tsx';
import type { Problem } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { caseText } from './case-text.ts';
import { inspectorText } from './text.ts';
import { asTimes, SpanFields, widerThan } from './time-fields.tsx';

/** Somebody may decide meanwhile. */
const LOOK_MS = 10_000;

interface Props {
  readonly of: CaseAnswer;
  readonly window: { readonly from: number; readonly to: number };
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

export function CaseActs({ of, window: range, onClose, onChanged }: Props): ReactNode {
  const text = useText(caseText);
  const inspector = useText(inspectorText);
  const common = useText(words);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [petitioner, setPetitioner] = useState<PetitionerAnswer['petitioner']>(null);
  const [asked, setAsked] = useState<ActAnswer | null>(null);
  const { acts } = useActs(LOOK_MS);
  const waiting = waitingOf(acts, { kind: 'wider-interval', caseId: of.id, just: asked });
  async function send<T>(ask: Promise<Answer<T>>): Promise<T | null> {
    setBusy(true);
    const answer = await ask;
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    return answer.ok ? answer.value : null;
  }
  const change = async (ask: Promise<Answer<CaseAnswer>>): Promise<void> => {
    if ((await send(ask)) === null) return;
    onChanged();
    onClose();
  };
  const path = `/api/v1/cases/${of.id}`;
  const isOpen = of.status === 'open';
  return (
    <Dialog title={`${text.acts}: ${of.number}`} onClose={onClose} wide>
      <p>
        <span className="muted">{inspector.purpose}:</span> {of.purpose}
      </p>
      {problem && <ProblemNote problem={problem} />}
      {isOpen && (
        <section className="case-act">
          <h3>{text.wider}</h3>
          {waiting.map((act) => (
            <AskedNote key={act.id} head={text.widerAsked} where={text.widerWhere}>
              <p>{[spanOf(act), act.reason].filter(Boolean).join(': ')}</p>
            </AskedNote>
          ))}
          {waiting.length === 0 && (
            <WiderForm
              of={of}
              range={range}
              busy={busy}
              onAsk={(body) => void send(call<ActAnswer>('POST', ACTS_PATH, body)).then(setAsked)}
            />
          )}
        </section>
      )}
      <section className="case-act">
        <h3>{text.tell}</h3>
        {of.type === 'denunciation' ? (
          <p>{text.tellNever}</p>
        ) : of.toldAt !== null ? (
          <p>{text.toldSince(dateTime(of.toldAt))}</p>
        ) : (
          <>
            <p>{text.tellWhy}</p>
            <Key busy={busy} onPress={() => void change(call<CaseAnswer>('POST', `${path}/tell`, {}))}>
              {text.tellGo}
            </Key>
          </>
        )}
      </section>
      {of.hasPetitioner && (
        <section className="case-act">
          <h3>{text.petitioner}</h3>
          {petitioner ? (
            <p>
              <b>{petitioner.name}</b> {petitioner.contact}
            </p>
          ) : (
            <>
              <p>{text.petitionerWhy}</p>
              <Key
                busy={busy}
                onPress={() =>
                  void send(call<PetitionerAnswer>('POST', `${path}/petitioner`, {})).then((read) =>
                    setPetitioner(read?.petitioner ?? null),
                  )
                }
              >
                {text.petitionerRead}
              </Key>
            </>
          )}
        </section>
      )}
      <div className="keys">
        {isOpen && (
          <Key
            busy={busy}
            onPress={() => void change(call<CaseAnswer>('PATCH', path, { disputed: !of.disputed }))}
          >
            {of.disputed ? inspector.unmarkDisputed : inspector.markDisputed}
          </Key>
        )}
        <Key onPress={onClose}>{common.close}</Key>
      </div>
    </Dialog>
  );
}

function WiderForm({
  of,
  range,
  busy,
  onAsk,
}: {
  of: CaseAnswer;
  range: Props['window'];
  busy: boolean;
  onAsk: (body: object) => void;
}): ReactNode {
  const text = useText(caseText);
  const common = useText(words);
  const [span, setSpan] = useState(widerThan(range));
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onAsk({ kind: 'wider-interval', body: { caseId: of.id, ...asTimes(span) }, reason });
  };
  return (
    <form onSubmit={submit}>
      <p>{text.widerWhy}</p>
      <SpanFields value={span} onChange={setSpan} />
      <WordsField label={text.reason} hint={text.reasonHint} value={reason} onChange={setReason} />
      <div className="keys">
        <Key submit busy={busy}>
          {busy ? common.wait : text.widerAsk}
        </Key>
      </div>
    </form>
  );
}
