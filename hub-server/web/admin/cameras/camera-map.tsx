/** From when to when a camera saw which counter; a row is set right by its dates, and every change is in the log. */
import type { Counter } from '@hailong/shared/model/directory.ts';
import type { CameraMap, MapRow } from '@hailong/shared/protocol/camera-map.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { AskDialog } from '../../common/ask-dialog.tsx';
import { dateTime } from '../../common/format.ts';
import { useText } from '../../common/lang.ts';
import { localMinute } from '../../common/local-minute.ts';
import { Empty, Field, Key, Loading, Note, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import { useNow } from '../../common/use-now.ts';
import type { AdminLists } from '../../common/wire.ts';
import { cameraMapText } from './camera-map-text.ts';
import { changeOf, draftOf, faultOf, type MapDraft } from './map-draft.ts';
import { RemoveMapDialog } from './remove-map-dialog.tsx';

const MINUTE_MS = 60_000;

export function CameraMapPanel({ base, name }: { base: string; name: string }): ReactNode {
  const text = useText(cameraMapText);
  const path = `${base}/map`;
  const map = useLoad<CameraMap>(path);
  const listed = useLoad<AdminLists['counters']>('/api/v1/admin/counters');
  const counters = listed.value?.items ?? [];
  const [draft, setDraft] = useState<MapDraft | null>(null);
  const [wrong, setWrong] = useState<MapRow | null>(null);
  const [done, setDone] = useState(false);
  const nameOf = (id: string): string => {
    const held = counters.find((each) => each.id === id);
    return held ? text.counterOf(held.number, held.name) : id;
  };
  const edit = (next: MapDraft): void => {
    setDone(false);
    setDraft(next);
  };
  const rows = map.value?.rows ?? null;
  const [first] = counters;
  return (
    <section className="panel camera-panel" aria-label={text.head}>
      <div className="panel-head">
        <h2>{text.head}</h2>
        {rows && first && (
          <Key
            onPress={() => edit({ counterId: first.id, row: null, from: localMinute(Date.now()), to: '' })}
          >
            {text.add}
          </Key>
        )}
      </div>
      <p className="muted">{text.why}</p>
      {map.problem && <ProblemNote problem={map.problem} retry={() => void map.reload()} />}
      {listed.problem && <ProblemNote problem={listed.problem} retry={() => void listed.reload()} />}
      {(map.loading || listed.loading) && <Loading />}
      {listed.value && !first && <p>{text.noCounters}</p>}
      {rows?.length === 0 && first && (
        <Empty head={text.none}>
          <p>{text.noneNext}</p>
        </Empty>
      )}
      {rows && rows.length > 0 && listed.value && (
        <MapTable rows={rows} nameOf={nameOf} onChange={(row) => edit(draftOf(row))} onRemove={setWrong} />
      )}
      {wrong && (
        <RemoveMapDialog
          {...{ path, row: wrong }}
          title={text.removeOf(nameOf(wrong.counterId), dateTime(wrong.from))}
          onClose={() => setWrong(null)}
          onRemoved={() => {
            setWrong(null);
            setDone(true);
            void map.reload();
          }}
        />
      )}
      {done && <Note tone="ok" head={text.saved} />}
      {draft && rows && (
        <DraftDialog
          {...{ path, draft, rows, counters }}
          title={
            draft.row === null
              ? text.addHead(name)
              : text.changeOf(nameOf(draft.counterId), dateTime(draft.row.from))
          }
          onChange={setDraft}
          onClose={() => setDraft(null)}
          onSaved={() => {
            setDraft(null);
            setDone(true);
            void map.reload();
          }}
        />
      )}
    </section>
  );
}

function MapTable({
  rows,
  nameOf,
  onChange,
  onRemove,
}: {
  rows: readonly MapRow[];
  nameOf: (counterId: string) => string;
  onChange: (row: MapRow) => void;
  onRemove: (row: MapRow) => void;
}): ReactNode {
  const text = useText(cameraMapText);
  return (
    <table className="list list-cards camera-map">
      <thead>
        <tr>
          <th>{text.counter}</th>
          <th>{text.from}</th>
          <th>{text.to}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const counter = nameOf(row.counterId);
          return (
            <tr key={`${row.counterId} ${row.from}`}>
              <td>
                <b>{counter}</b>
              </td>
              <td data-name={text.from}>{dateTime(row.from)}</td>
              <td data-name={text.to}>{row.to === null ? text.still : dateTime(row.to)}</td>
              <td className="list-act">
                <div className="keys">
                  <Key onPress={() => onChange(row)} label={text.changeOf(counter, dateTime(row.from))}>
                    {text.change}
                  </Key>
                  <Key onPress={() => onRemove(row)} label={text.removeOf(counter, dateTime(row.from))}>
                    {text.remove}
                  </Key>
                </div>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function DraftDialog({
  path,
  draft,
  rows,
  counters,
  title,
  onChange,
  onClose,
  onSaved,
}: {
  path: string;
  draft: MapDraft;
  rows: readonly MapRow[];
  counters: readonly Counter[];
  title: string;
  onChange: (draft: MapDraft) => void;
  onClose: () => void;
  onSaved: () => void;
}): ReactNode {
  const text = useText(cameraMapText);
  const now = useNow(MINUTE_MS);
  const fault = draft.from === '' ? null : faultOf(draft, rows, now);
  const atEnd = fault === 'order' || (fault === 'future' && draft.to !== '');
  return (
    <AskDialog
      title={title}
      go={text.save}
      disabled={fault !== null}
      ask={() => call('PUT', path, changeOf(draft))}
      onDone={onSaved}
      onClose={onClose}
    >
      {draft.row === null && (
        <Field label={text.counter}>
          {(tied) => (
            <select
              {...tied}
              value={draft.counterId}
              onChange={(event) => onChange({ ...draft, counterId: event.target.value })}
            >
              {counters.map((each) => (
                <option key={each.id} value={each.id}>
                  {text.counterOf(each.number, each.name)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Field label={text.from} error={fault !== null && !atEnd ? text.faults[fault] : undefined}>
        {(tied) => (
          <input
            {...{ ...tied, type: 'datetime-local', value: draft.from, required: true }}
            onChange={(event) => onChange({ ...draft, from: event.target.value })}
          />
        )}
      </Field>
      <Field label={text.to} hint={text.toHint} error={atEnd ? text.faults[fault] : undefined}>
        {(tied) => (
          <input
            {...{ ...tied, type: 'datetime-local', value: draft.to }}
            onChange={(event) => onChange({ ...draft, to: event.target.value })}
          />
        )}
      </Field>
    </AskDialog>
  );
}
