/**
 * One form in hand: its words, criteria, chips and times at the left, the real kiosk window at the right. Saving makes the next
 * version of the one it was opened on; another tab that saved meanwhile is told by the hub. An older version can only be read.
 */
import type { Bilingual, Instrument } from '@hailong/shared/model/instrument.ts';
import type { FormEvent, ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { Face } from '../../common/face.tsx';
import { go, href } from '../../common/hash.ts';
import { useLang, useText } from '../../common/lang.ts';
import { Field, Key, Loading, Note, ProblemNote } from '../../common/parts.tsx';
import { useIsShown } from '../../common/use-is-shown.ts';
import { useLoad } from '../../common/use-load.ts';
import type { Problem } from '../../common/wire.ts';
import { words } from '../../common/words.ts';
import { BilingualRow } from '../fields/bilingual-row.tsx';
import { ChipsFields } from './chips-fields.tsx';
import { CriteriaFields } from './criteria-fields.tsx';
import { neededSeconds } from './form-draft.ts';
import { InstrumentPreview } from './instrument-preview.tsx';
import { instrumentsText } from './instruments-text.ts';

interface EditorProps {
  readonly form: Instrument;
  /** Newest first. */
  readonly versions: readonly number[];
  /** A new form, begun from this one. */
  readonly isCopy: boolean;
  readonly office: string;
  readonly reload: () => Promise<void>;
}

export function InstrumentEditor({ form, versions, isCopy, office, reload }: EditorProps): ReactNode {
  const text = useText(instrumentsText);
  const lang = useLang();
  const [older, setOlder] = useState<number | null>(null);
  const path = older === null ? null : `/api/v1/admin/instruments/${form.id}/${older}`;
  const held = useLoad<Instrument>(path);
  const [draft, setDraft] = useState<Instrument>(() =>
    isCopy ? { ...form, id: '', name: { vi: '', en: '' } } : form,
  );
  /** What the draft goes on from: never what another load brings, or another's version would be overwritten unseen. */
  const [base, setBase] = useState(isCopy ? null : form.version);
  const head = base === null ? text.newHead : text.editHead(form.name[lang], base);
  return (
    <>
      <div className="page-head">
        <div>
          <a href={href('instruments')}>{text.back}</a>
          <h1>{head}</h1>
        </div>
        {!isCopy && versions.length > 1 && (
          <label className="edit-versions">
            {text.older}{' '}
            <select
              value={older ?? ''}
              onChange={(event) => setOlder(event.target.value === '' ? null : Number(event.target.value))}
            >
              <option value="">{text.newest}</option>
              {versions.slice(1).map((version) => (
                <option key={version} value={version}>
                  {text.versionOf(version)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <div className="edit-form">
        {older === null ? (
          <Fields draft={draft} base={base} onChange={setDraft} onSaved={setBase} reload={reload} />
        ) : (
          <section className="panel admin-card">
            {held.loading && <Loading />}
            {held.problem && <ProblemNote problem={held.problem} retry={() => void held.reload()} />}
            {held.value && <Note tone="idle" head={text.readOnly} />}
          </section>
        )}
        <InstrumentPreview form={(older === null ? null : held.value) ?? draft} office={office} />
      </div>
    </>
  );
}

function Fields({
  draft,
  base,
  onChange,
  onSaved,
  reload,
}: {
  draft: Instrument;
  /** The version that the draft was begun on or saved as; null: a new form. */
  base: number | null;
  onChange: (form: Instrument) => void;
  /** Of a form that was there before. */
  onSaved: (version: number) => void;
  reload: () => Promise<void>;
}): ReactNode {
  const text = useText(instrumentsText);
  const common = useText(words);
  const [inUse, setInUse] = useState(true);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [saved, setSaved] = useState<number | null>(null);
  const isShown = useIsShown();
  const set = (change: Partial<Instrument>): void => {
    setSaved(null);
    setProblem(null);
    onChange({ ...draft, ...change });
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const path = `/api/v1/admin/instruments/${encodeURIComponent(draft.id)}`;
    const answer = await call<{ version: number }>('PUT', path, { base, inUse, instrument: draft });
    setBusy(false);
    if (!answer.ok) {
      setProblem(answer.problem);
      return;
    }
    setSaved(answer.value.version);
    if (base !== null) onSaved(answer.value.version);
    await reload();
    // A new form has its own address by now; whoever went elsewhere meanwhile stays there.
    if (base === null && isShown.current) go('instruments', draft.id);
  };
  return (
    <section className="panel admin-card edit-card">
      <form onSubmit={(event) => void submit(event)}>
        <Names draft={draft} isNew={base === null} set={set} />
        <fieldset className="edit-part">
          <legend>{text.levels}</legend>
          <p className="hint">{text.levelsWhy}</p>
          {draft.levels.map((level) => (
            <BilingualRow
              key={level.key}
              label={common.levels[level.key]}
              mark={<Face level={level.key} size={28} />}
              value={level.word}
              onChange={(word) =>
                set({ levels: draft.levels.map((each) => (each === level ? { ...each, word } : each)) })
              }
            />
          ))}
        </fieldset>
        <CriteriaFields form={draft} onChange={(criteria) => set({ criteria })} />
        {draft.kind !== 'form' && (
          <ChipsFields
            form={draft}
            onChange={(chips) => {
              const { chips: _, ...rest } = draft;
              setSaved(null);
              onChange(chips ? { ...rest, chips } : rest);
            }}
          />
        )}
        <Times draft={draft} set={set} />
        {problem && <ProblemNote problem={problem} />}
        {saved !== null && <Note tone="ok" head={text.saved(saved)} />}
        <div className="edit-save">
          {base !== null && (
            <label className="check">
              <input type="checkbox" checked={inUse} onChange={(event) => setInUse(event.target.checked)} />
              {text.inUse(base)}
            </label>
          )}
          <Key main submit busy={busy}>
            {busy ? common.wait : text.save((base ?? 0) + 1)}
          </Key>
        </div>
      </form>
    </section>
  );
}

type Setter = (change: Partial<Instrument>) => void;

function Names({ draft, isNew, set }: { draft: Instrument; isNew: boolean; set: Setter }): ReactNode {
  const text = useText(instrumentsText);
  const row = (label: string, value: Bilingual, key: 'name' | 'question'): ReactNode => (
    <BilingualRow label={label} value={value} onChange={(next) => set({ [key]: next })} />
  );
  return (
    <fieldset className="edit-part">
      {isNew && (
        <Field label={text.id} hint={text.idHint}>
          {(tied) => (
            <input
              {...tied}
              value={draft.id}
              pattern="[a-z0-9][a-z0-9\-]{0,39}"
              required
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => set({ id: event.target.value })}
            />
          )}
        </Field>
      )}
      {row(text.name, draft.name, 'name')}
      {draft.kind !== 'form' && row(text.question, draft.question, 'question')}
    </fieldset>
  );
}

function Times({ draft, set }: { draft: Instrument; set: Setter }): ReactNode {
  const text = useText(instrumentsText);
  const needed = neededSeconds(draft);
  const seconds = (
    key: 'closeAfterMs' | 'thanksMs' | 'correctionMs',
    label: string,
    [min, max]: readonly [number, number],
    hint?: string,
  ): ReactNode => (
    <Field label={label} hint={hint}>
      {(tied) => (
        <input
          {...tied}
          type="number"
          required
          min={min}
          max={max}
          value={draft[key] / 1_000}
          onChange={(event) => set({ [key]: Math.round(Number(event.target.value) * 1_000) })}
        />
      )}
    </Field>
  );
  return (
    <fieldset className="edit-part">
      <legend>{text.times}</legend>
      <div className="edit-times">
        {seconds('closeAfterMs', text.closeAfter, [Math.max(5, needed), 600], text.closeHint(needed))}
        {seconds('thanksMs', text.thanks, [1, 30])}
        {seconds('correctionMs', text.correction, [0, 60])}
      </div>
    </fieldset>
  );
}
