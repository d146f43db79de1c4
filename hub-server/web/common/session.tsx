/**
 * Who is logged in to a page. Asks the hub first; shows the login form on 401, the way to the first set-up when the
 * hub has no administrator, and refuses an account without the page's role in words. A page is of one person: when another
 * logs in within the same browser it begins anew, for what stands in it was opened, and logged, by the one before. A login
 * that ended by itself hides the page and keeps it, with what was typed, for the same person: typing asks the hub nothing,
 * and so does not keep a login awake.
 */
import type { FormEvent, ReactNode } from 'react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { call, get, setCsrfToken } from './api.ts';
import { useText } from './lang.ts';
import { Dialog, Field, Key, Loading, Note, ProblemNote } from './parts.tsx';
import { LanguageKey } from './shell.tsx';
import type { Problem, Role, SessionAnswer, SetupAnswer } from './wire.ts';
import { words } from './words.ts';

type State =
  | { readonly at: 'asking' }
  | { readonly at: 'out'; readonly setupNeeded: boolean; readonly kept: SessionAnswer | null }
  | { readonly at: 'in'; readonly session: SessionAnswer }
  | { readonly at: 'failed'; readonly problem: Problem };

export interface Signed {
  readonly session: SessionAnswer;
  readonly signOut: () => void;
}

/** Half a minute: a session ended elsewhere, or a hub that is back, shows without a reload. */
const RECHECK_MS = 30_000;

export function SessionGate({
  title,
  needs,
  setup,
  children,
}: {
  title: string;
  needs: Role;
  /** The page's own set-up form; the other pages point to the administration. */
  setup?: (done: () => void) => ReactNode;
  children: (signed: Signed) => ReactNode;
}): ReactNode {
  const text = useText(words);
  const [state, setState] = useState<State>({ at: 'asking' });

  const asked = useRef(0);
  const taken = useRef(0);
  const ask = useCallback(async () => {
    asked.current += 1;
    const mine = asked.current;
    const answer = await get<SessionAnswer>('/api/v1/session');
    if (mine < taken.current) return;
    taken.current = mine;
    if (answer.ok) {
      setCsrfToken(answer.value.csrfToken);
      setState({ at: 'in', session: answer.value });
      return;
    }
    if (answer.problem.code === 'access.login_required') {
      const needed = await get<SetupAnswer>('/api/v1/setup');
      if (mine < taken.current) return;
      const setupNeeded = needed.ok && needed.value.needed;
      setState((before) => ({ at: 'out', setupNeeded, kept: setupNeeded ? null : pageOf(before) }));
      return;
    }
    setState((before) => (pageOf(before) ? before : { at: 'failed', problem: answer.problem }));
  }, []);

  useEffect(() => {
    void ask();
  }, [ask]);
  const page = pageOf(state);
  const isChecked = page !== null || state.at === 'failed';
  useEffect(() => {
    if (!isChecked) return;
    const timer = window.setInterval(() => void ask(), RECHECK_MS);
    return () => window.clearInterval(timer);
  }, [isChecked, ask]);

  const signOut = useCallback(async () => {
    const answer = await call('DELETE', '/api/v1/session');
    if (answer.ok) {
      setCsrfToken(null);
      // What was asked before the session ended knows nothing of its end.
      asked.current += 1;
      taken.current = asked.current;
      setState({ at: 'asking' });
    }
    void ask();
  }, [ask]);

  if (page?.user.roles.includes(needs))
    return (
      <>
        <Page key={page.user.id} isHidden={state.at === 'out'}>
          {children({ session: page, signOut: () => void signOut() })}
        </Page>
        {state.at === 'out' && (
          <Dialog title={text.signIn} onClose={null}>
            <p>{text.loginEnded}</p>
            <LoginForm onDone={() => void ask()} />
          </Dialog>
        )}
      </>
    );
  return (
    <main className="gate">
      <div className="gate-bar">
        <LanguageKey />
      </div>
      <section className="panel gate-card">
        <h1>{title}</h1>
        {state.at === 'asking' && <Loading />}
        {state.at === 'failed' && <ProblemNote problem={state.problem} retry={() => void ask()} />}
        {state.at === 'in' && (
          <>
            <Note tone="attention" head={text.noRole}>
              <p>{text.noRoleRemedy}</p>
            </Note>
            <Key onPress={() => void signOut()}>{text.signOut}</Key>
          </>
        )}
        {state.at === 'out' && state.setupNeeded && setup?.(() => void ask())}
        {state.at === 'out' && state.setupNeeded && !setup && (
          <Note tone="attention" head={text.setupNeeded}>
            <a href="/admin">{text.openAdmin}</a>
          </Note>
        )}
        {state.at === 'out' && !state.setupNeeded && <LoginForm onDone={() => void ask()} />}
      </section>
    </main>
  );
}

/** Whose page stands, shown or hidden. */
function pageOf(state: State): SessionAnswer | null {
  if (state.at === 'in') return state.session;
  return state.at === 'out' ? state.kept : null;
}

/** What is hidden neither shows nor plays anything. */
function Page({ isHidden, children }: { isHidden: boolean; children: ReactNode }): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isHidden) for (const video of ref.current?.querySelectorAll('video') ?? []) video.pause();
  }, [isHidden]);
  return (
    <div ref={ref} className="gate-page" hidden={isHidden}>
      {children}
    </div>
  );
}

function LoginForm({ onDone }: { onDone: () => void }): ReactNode {
  const text = useText(words);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const answer = await call<SessionAnswer>('POST', '/api/v1/session', { username, password });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) onDone();
    else setPassword('');
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Field label={text.username}>
        {(tied) => (
          <input
            {...tied}
            value={username}
            onChange={(event) => setUsername(event.target.value)}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={60}
            required
          />
        )}
      </Field>
      <Field label={text.password}>
        {(tied) => (
          <input
            {...tied}
            type="password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            autoComplete="current-password"
            maxLength={200}
            required
          />
        )}
      </Field>
      {problem && <ProblemNote problem={problem} />}
      <Key main submit busy={busy}>
        {busy ? text.wait : text.signIn}
      </Key>
    </form>
  );
}
