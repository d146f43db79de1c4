/** Keys of e-government systems: shown once when made, revoked by a dialog. */
import type { FormEvent, ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { AskDialog } from '../../common/ask-dialog.tsx';
import { dateTime } from '../../common/format.ts';
import { useText } from '../../common/lang.ts';
import { Empty, Field, Key, Loading, Note, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import { useSending } from '../../common/use-sending.ts';
import type { AdminLists, ApiKeyAnswer } from '../../common/wire.ts';
import { words } from '../../common/words.ts';
import { adminText } from '../text.ts';

type HeldKey = AdminLists['apiKeys']['items'][number];

export function ApiKeysSection(): ReactNode {
  const text = useText(adminText);
  const common = useText(words);
  const list = useLoad<AdminLists['apiKeys']>('/api/v1/admin/api-keys');
  const [name, setName] = useState('');
  const [readsRatings, setReadsRatings] = useState(false);
  const { busy, problem, made, send } = useSending<ApiKeyAnswer>();
  const [revoking, setRevoking] = useState<HeldKey | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if ((await send('/api/v1/admin/api-keys', { name, readsRatings })) !== null) {
      setName('');
      setReadsRatings(false);
    }
    void list.reload();
  };
  return (
    <>
      <h1>{text.sections.keys}</h1>
      <section className="panel admin-card">
        <form onSubmit={(event) => void submit(event)}>
          <p className="muted">{text.keyWhy}</p>
          <div className="enrol-fields">
            <Field label={text.keyName}>
              {(tied) => (
                <input
                  {...tied}
                  value={name}
                  onChange={(event) => setName(event.target.value)}
                  maxLength={60}
                  autoComplete="off"
                  required
                />
              )}
            </Field>
            <Key main submit busy={busy}>
              {busy ? common.wait : text.keyMake}
            </Key>
          </div>
          <label className="check">
            <input
              type="checkbox"
              checked={readsRatings}
              onChange={(event) => setReadsRatings(event.target.checked)}
            />
            {text.keyReadsRatings}
          </label>
          <p className="muted small">{text.keyReadsRatingsWhy}</p>
          {problem && <ProblemNote problem={problem} />}
          {made && (
            <Note tone="attention" head={text.keyOnce}>
              <code className="key-once">{made.key}</code>
            </Note>
          )}
        </form>
      </section>
      {list.problem && <ProblemNote problem={list.problem} retry={() => void list.reload()} />}
      <section className="panel list-panel">
        {list.loading && <Loading />}
        {list.value?.items.length === 0 && <Empty head={text.keyNone} />}
        {list.value && list.value.items.length > 0 && (
          <table className="list list-cards">
            <thead>
              <tr>
                <th>{text.keyName}</th>
                <th>{text.keyRights}</th>
                <th>{text.createdAt}</th>
                <th>{text.state}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {list.value.items.map((key) => (
                <tr key={key.id}>
                  <td>
                    <b>{key.name}</b>
                  </td>
                  <td data-name={text.keyRights}>
                    {key.readsRatings ? text.keyReadsRatings : text.keyNoRatings}
                  </td>
                  <td data-name={text.createdAt}>{dateTime(key.createdAt)}</td>
                  <td data-name={text.state}>{key.revokedAt === null ? text.active : text.revoked}</td>
                  <td className="list-act">
                    {key.revokedAt === null && <Key onPress={() => setRevoking(key)}>{text.revoke}</Key>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      {revoking && (
        <AskDialog
          title={text.revokeAsk(revoking.name)}
          go={text.revoke}
          ask={() => call('DELETE', `/api/v1/admin/api-keys/${revoking.id}`)}
          onDone={() => {
            setRevoking(null);
            void list.reload();
          }}
          onClose={() => setRevoking(null)}
        />
      )}
    </>
  );
}
