/** From when to when a camera saw which counter; a row is set right by its dates, and every change is in the log. */

import type { Counter } from '@hailong/shared/model/directory.ts';
import type { CameraMap, MapRow } from '@hailong/shared/protocol/camera-map.ts';
import { VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { dateTime } from '../../common/format.ts';
import { useText } from '../../common/lang.ts';
import { Field, Key, Loading, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import type { Problem } from '../../common/wire.ts';
import { words } from '../../common/words.ts';
import { adminText } from '../text.ts';

const minute = (at: number): string => new Date(at + VIETNAM_OFFSET_MS).toISOString().slice(0, 16);
const utc = (text: string): number => Date.parse(`${text}:00Z`) - VIETNAM_OFFSET_MS;

interface Draft {
  readonly counterId: string;
  readonly was: number | null;
  readonly from: string;
  /** Empty: still. */
  readonly to: string;
}
const draftOf = (row: MapRow): Draft => ({
  ...{ counterId: row.counterId, was: row.from, from: minute(row.from) },
  to: row.to === null ? '' : minute(row.to),
});

export function CameraMapPanel({
  cameraId,
  counters,
}: {
  cameraId: string;
  counters: readonly Counter[];
}): ReactNode {
  const text = useText(adminText);
  const path = `/api/v1/admin/cameras/${cameraId}/map`;
  const map = useLoad<CameraMap>(path);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = async (value: Draft): Promise<void> => {
    const { counterId, was, from, to } = value;
    const held = map.value?.rows.find((row) => row.counterId === counterId && row.from === was);
    // A beginning that was not touched keeps its seconds, so that nothing moves by itself.
    const begins = held && minute(held.from) === from ? held.from : utc(from);
    const body = { counterId, was, from: begins, to: to === '' ? null : utc(to) };
    const answer = await call('PUT', path, body);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) setDraft(null);
    void map.reload();
  };
  const numberOf = (id: string): string => counters.find((each) => each.id === id)?.number ?? id;
  return (
    <section className="camera-map">
      <h3>{text.mapHead}</h3>
      <p className="muted small">{text.mapWhy}</p>
      {map.loading && <Loading />}
      {map.problem && <ProblemNote problem={map.problem} retry={() => void map.reload()} />}
      {map.value && (
        <ul>
          {map.value.rows.map((row) => (
            <li key={`${row.counterId} ${row.from}`}>
              <span>
                <b>{numberOf(row.counterId)}</b> {dateTime(row.from)} –{' '}
                {row.to === null ? text.mapStill : dateTime(row.to)}
              </span>
              <Key onPress={() => setDraft(draftOf(row))}>{text.mapChange}</Key>
            </li>
          ))}
        </ul>
      )}
      {draft ? (
        <DraftForm
          draft={draft}
          counters={counters}
          onChange={setDraft}
          onSave={() => void save(draft)}
          onCancel={() => setDraft(null)}
        />
      ) : (
        <Key
          onPress={() =>
            setDraft({ counterId: counters[0]?.id ?? '', was: null, from: minute(Date.now()), to: '' })
          }
        >
          {text.mapAdd}
        </Key>
      )}
      {problem && <ProblemNote problem={problem} />}
    </section>
  );
}

function DraftForm({
  draft,
  counters,
  onChange,
  onSave,
  onCancel,
}: {
  draft: Draft;
  counters: readonly Counter[];
  onChange: (draft: Draft) => void;
  onSave: () => void;
  onCancel: () => void;
}): ReactNode {
  const text = useText(adminText);
  const common = useText(words);
  return (
    <div className="camera-map-form">
      <Field label={text.mapCounter}>
        {(id) => (
          <select
            id={id}
            value={draft.counterId}
            disabled={draft.was !== null}
            onChange={(event) => onChange({ ...draft, counterId: event.target.value })}
          >
            {counters.map((each) => (
              <option key={each.id} value={each.id}>
                {each.number} – {each.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={text.mapFrom}>
        {(id) => (
          <input
            id={id}
            type="datetime-local"
            value={draft.from}
            onChange={(event) => onChange({ ...draft, from: event.target.value })}
          />
        )}
      </Field>
      <Field label={text.mapTo} hint={text.mapToHint}>
        {(id) => (
          <input
            id={id}
            type="datetime-local"
            value={draft.to}
            onChange={(event) => onChange({ ...draft, to: event.target.value })}
          />
        )}
      </Field>
      <div className="keys">
        <Key onPress={onSave} disabled={draft.from === '' || draft.counterId === ''}>
          {text.mapSave}
        </Key>
        <Key onPress={onCancel}>{common.cancel}</Key>
      </div>
    </div>
  );
}
