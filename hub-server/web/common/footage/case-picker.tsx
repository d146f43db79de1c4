/** One of the reader's own open cases, found by its number, its document or what it is for. */
import type { CaseAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useText } from '../lang.ts';
import { Field, Key, Loading, ProblemNote } from '../parts.tsx';
import { useLoad } from '../use-load.ts';
import type { CaseList } from '../wire.ts';
import { words } from '../words.ts';
import { footageText } from './text.ts';

/** So many fit beside the form; typing narrows them. */
const SHOWN = 5;

/** Without accents and case: what is typed in a hurry. */
const plain = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'd').toLowerCase();
const holds = ({ number, documentNumber, purpose }: CaseAnswer, typed: string): boolean =>
  plain(`${number} ${documentNumber} ${purpose}`).includes(plain(typed.trim()));

export function CasePicker({
  chosen,
  choose,
}: {
  chosen: CaseAnswer | null;
  choose: (one: CaseAnswer | null) => void;
}): ReactNode {
  const text = useText(footageText);
  const common = useText(words);
  const list = useLoad<CaseList>('/api/v1/cases');
  const [typed, setTyped] = useState('');
  if (chosen)
    return (
      <div className="case-chosen">
        <span className="muted">{text.caseHead}</span>
        <b className="hold-case">{chosen.number}</b>
        <span className="clip-text">{chosen.purpose}</span>
        <Key onPress={() => choose(null)}>{text.caseOther}</Key>
      </div>
    );
  const open = (list.value?.cases ?? []).filter(({ status }) => status === 'open');
  const found = open.filter((each) => holds(each, typed));
  return (
    <div className="case-picker">
      <Field label={text.caseFind} hint={text.caseFindHint}>
        {(tied) => (
          <input
            {...tied}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            // The form is sent by its own key: Enter here takes the only case that is left.
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              if (found.length === 1) choose(found[0] ?? null);
            }}
            autoComplete="off"
            spellCheck={false}
            maxLength={60}
          />
        )}
      </Field>
      {list.loading && <Loading />}
      {list.problem && <ProblemNote problem={list.problem} retry={() => void list.reload()} />}
      {list.value && open.length === 0 && <p className="muted">{text.caseNone}</p>}
      {open.length > 0 && found.length === 0 && <p className="muted">{text.caseNoneSuch}</p>}
      <ul className="case-list">
        {found.slice(0, SHOWN).map((each) => (
          <li key={each.id}>
            <Key onPress={() => choose(each)}>{each.number}</Key>
            <span className="small">
              {common.caseTypes[each.type]} · {each.documentNumber}
            </span>
            <span className="small muted clip-text">{each.purpose}</span>
          </li>
        ))}
      </ul>
      {found.length > SHOWN && <p className="small muted">{text.caseMore(found.length - SHOWN)}</p>}
    </div>
  );
}
