/** One's own tokens for the command line: made for some things and some days, shown once, revoked here. */
import type { TokenList, TokenMade, TokenScope } from '@hailong/shared/protocol/tokens.ts';
import type { FormEvent, ReactNode } from 'react';
import { useState } from 'react';
import { actText } from './act-text.ts';
import { call } from './api.ts';
import { AskDialog } from './ask-dialog.tsx';
import { dateTime } from './format.ts';
import { useText } from './lang.ts';
import { Empty, Field, Key, Loading, Note, ProblemNote } from './parts.tsx';
import { useLoad } from './use-load.ts';
import { useNow } from './use-now.ts';
import { useSending } from './use-sending.ts';
import { words } from './words.ts';

const SCOPES: readonly TokenScope[] = ['footage', 'hold', 'export', 'acts'];
const MINUTE_MS = 60_000;

export function TokensPanel(): ReactNode {
  const text = useText(actText);
  const common = useText(words);
  const now = useNow(MINUTE_MS);
  const list = useLoad<TokenList>('/api/v1/tokens');
  const [name, setName] = useState('');
  const [days, setDays] = useState(30);
  const [scopes, setScopes] = useState<readonly TokenScope[]>(['footage', 'acts']);
  const [revoking, setRevoking] = useState<TokenList['tokens'][number] | null>(null);
  const { busy, problem, made, send } = useSending<TokenMade>();
  const make = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if ((await send('/api/v1/tokens', { name, scopes, days })) !== null) setName('');
    void list.reload();
  };
  const toggle = (scope: TokenScope): void =>
    setScopes(scopes.includes(scope) ? scopes.filter((each) => each !== scope) : [...scopes, scope]);
  const tokens = list.value?.tokens ?? null;
  return (
    <>
      <h2>{text.tokens}</h2>
      <section className="panel token-form">
        <p className="muted">{text.tokensWhy}</p>
        <form onSubmit={(event) => void make(event)}>
          <Field label={text.tokenName}>
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
          <Field label={text.tokenDays}>
            {(tied) => (
              <input
                {...tied}
                type="number"
                min={1}
                max={90}
                value={days}
                onChange={(event) => setDays(Number(event.target.value))}
                required
              />
            )}
          </Field>
          <fieldset className="token-scopes">
            <legend>{text.scope}</legend>
            {SCOPES.map((scope) => (
              <label key={scope} className="check">
                <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
                {text.scopes[scope]}
              </label>
            ))}
          </fieldset>
          <Key main submit busy={busy} disabled={scopes.length === 0}>
            {busy ? common.wait : text.tokenMake}
          </Key>
        </form>
        {problem && <ProblemNote problem={problem} />}
        {made && (
          <Note tone="attention" head={text.tokenOnce}>
            <code className="token-once">{made.token}</code>
          </Note>
        )}
      </section>
      {list.problem && <ProblemNote problem={list.problem} retry={() => void list.reload()} />}
      <section className="panel list-panel">
        {list.loading && <Loading />}
        {tokens?.length === 0 && <Empty head={text.tokenNone} />}
        {tokens && tokens.length > 0 && (
          <table className="list list-cards">
            <thead>
              <tr>
                <th>{text.tokenName}</th>
                <th>{text.scope}</th>
                <th>{text.tokenUsed}</th>
                <th>{text.state}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {tokens.map((each) => {
                const state =
                  each.revokedAt !== null ? 'revoked' : each.expiresAt <= now ? 'expired' : 'live';
                return (
                  <tr key={each.id}>
                    <td>
                      <b>{each.name}</b>
                    </td>
                    <td data-name={text.scope}>
                      {each.scopes.map((scope) => text.scopes[scope]).join(', ')}
                    </td>
                    <td data-name={text.tokenUsed}>
                      {each.usedAt === null ? text.tokenNever : dateTime(each.usedAt)}
                    </td>
                    <td data-name={text.state}>
                      {text.tokenState[state]}
                      <div className="small muted">{text.tokenUntil(dateTime(each.expiresAt))}</div>
                    </td>
                    <td className="list-act">
                      {state === 'live' && <Key onPress={() => setRevoking(each)}>{text.tokenRevoke}</Key>}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </section>
      {revoking && (
        <AskDialog
          title={text.tokenRevokeAsk(revoking.name)}
          go={text.tokenRevoke}
          ask={() => call('DELETE', `/api/v1/tokens/${revoking.id}`)}
          onDone={() => {
            setRevoking(null);
            void list.reload();
          }}
          onClose={() => setRevoking(null)}
        >
          <p>{text.tokenRevokeWhy}</p>
        </AskDialog>
      )}
    </>
  );
}
