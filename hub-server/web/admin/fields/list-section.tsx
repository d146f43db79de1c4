/** A list of the office with its form: empty, loading and error states, add and edit, errors on their fields. */
import type { ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { AskDialog } from '../../common/ask-dialog.tsx';
import { href } from '../../common/hash.ts';
import { useText } from '../../common/lang.ts';
import { Empty, Key, Loading, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import { words } from '../../common/words.ts';
import { adminText } from '../text.ts';
import type { FieldOf, Values } from './form.ts';
import { FormFields } from './form-fields.tsx';

/** More than this stand in two columns, so that what a probe answers is seen without scrolling. */
const MANY_FIELDS = 6;

export interface ListOf<T> {
  readonly list: string;
  readonly title: string;
  readonly columns: readonly { readonly name: string; readonly cell: (item: T) => ReactNode }[];
  readonly fields: readonly FieldOf[];
  readonly idOf: (item: T) => string;
  readonly nameOf: (item: T) => string;
  readonly fresh: Values;
  readonly valuesOf: (item: T) => Values;
  readonly bodyOf: (values: Values, item: T | null) => unknown;
  /** More inside the form: a probe, a photo. */
  readonly extra?: (values: Values, item: T | null, reload: () => void) => ReactNode;
  readonly importable?: boolean;
}

export function ListSection<T>({ of }: { of: ListOf<T> }): ReactNode {
  const text = useText(adminText);
  const list = useLoad<{ items: T[] }>(`/api/v1/admin/${of.list}`);
  const [editing, setEditing] = useState<{ item: T | null } | null>(null);
  const items = list.value?.items ?? null;
  const reload = (): void => void list.reload();
  return (
    <>
      <div className="page-head">
        <h1>{of.title}</h1>
        <div className="keys">
          {of.importable && (
            <a className="key key-anchor" href={href('import')}>
              {text.sections.import}
            </a>
          )}
          <Key main onPress={() => setEditing({ item: null })}>
            {text.add}
          </Key>
        </div>
      </div>
      {list.problem && <ProblemNote problem={list.problem} retry={reload} />}
      <section className="panel list-panel">
        {list.loading && <Loading />}
        {items?.length === 0 && (
          <Empty head={text.none(of.title)}>
            <p>{text.noneNext}</p>
          </Empty>
        )}
        {items && items.length > 0 && (
          <table className="list list-cards">
            <thead>
              <tr>
                {of.columns.map((column) => (
                  <th key={column.name}>{column.name}</th>
                ))}
                <th />
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={of.idOf(item)}>
                  {of.columns.map((column) => (
                    <td key={column.name} data-name={column.name}>
                      {column.cell(item)}
                    </td>
                  ))}
                  <td className="list-act">
                    <Key onPress={() => setEditing({ item })} label={text.changeHead(of.nameOf(item))}>
                      {text.change}
                    </Key>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      {editing && (
        <EditDialog
          of={of}
          item={editing.item}
          reload={reload}
          onClose={() => setEditing(null)}
          onSaved={() => {
            setEditing(null);
            reload();
          }}
        />
      )}
    </>
  );
}

function EditDialog<T>({
  of,
  item,
  reload,
  onClose,
  onSaved,
}: {
  of: ListOf<T>;
  item: T | null;
  reload: () => void;
  onClose: () => void;
  onSaved: () => void;
}): ReactNode {
  const text = useText(adminText);
  const common = useText(words);
  const [values, setValues] = useState<Values>(() => (item === null ? of.fresh : of.valuesOf(item)));
  const many = of.fields.length > MANY_FIELDS;
  const save = () => {
    const path = `/api/v1/admin/${of.list}`;
    const body = of.bodyOf(values, item);
    return item === null
      ? call('POST', path, body)
      : call('PUT', `${path}/${encodeURIComponent(of.idOf(item))}`, body);
  };
  return (
    <AskDialog
      title={item === null ? text.addHead(of.title) : text.changeHead(of.nameOf(item))}
      go={common.save}
      wide={many}
      ask={save}
      onDone={onSaved}
      onClose={onClose}
    >
      {(problem) => (
        <>
          <div className={many ? 'form-grid form-grid-two' : 'form-grid'}>
            <FormFields
              fields={of.fields}
              values={values}
              problem={problem}
              editing={item !== null}
              onChange={setValues}
            />
          </div>
          {of.extra?.(values, item, reload)}
        </>
      )}
    </AskDialog>
  );
}
