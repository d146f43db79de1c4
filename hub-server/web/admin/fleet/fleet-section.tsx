/** Every kiosk on one page, worst first: filtered and paged at the hub, so that two thousand are no more than fifty here. */
import { ERRORS, isErrorCode } from '@hailong/shared/errors.ts';
import type { FleetAnswer, FleetState } from '@hailong/shared/protocol/fleet.ts';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { call } from '../../common/api.ts';
import { count } from '../../common/format.ts';
import { useLang, useText } from '../../common/lang.ts';
import { Empty, Field, Key, Loading, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import type { Problem } from '../../common/wire.ts';
import './fleet.css';
import { adminText } from '../text.ts';
import { FleetRow } from './fleet-row.tsx';
import { FleetRulePanel } from './fleet-rule-panel.tsx';
import { fleetText } from './fleet-text.ts';
import { ReloadPanel } from './reload-panel.tsx';
import { RolloutPanel } from './rollout-panel.tsx';

const ASK_MS = 15_000;
/** After the last sign typed. */
const TYPED_MS = 300;
/** As many as the hub gives at once: FLEET_PAGE of shared/src/protocol/fleet.ts. */
const PAGE = 50;
const STATES: readonly FleetState[] = ['all', 'critical', 'attention', 'well', 'revoked'];

export function FleetSection(): ReactNode {
  const text = useText(fleetText);
  const sections = useText(adminText).sections;
  const lang = useLang();
  const [state, setState] = useState<FleetState>('all');
  const [code, setCode] = useState('');
  const [typed, setTyped] = useState('');
  const [searched, setSearched] = useState('');
  const [page, setPage] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const timer = window.setTimeout(() => setSearched(typed), TYPED_MS);
    return () => window.clearTimeout(timer);
  }, [typed]);
  const asked = new URLSearchParams({ state, page: String(page) });
  if (code !== '') asked.set('code', code);
  if (searched !== '') asked.set('text', searched);
  const { value, problem: lost, loading, reload } = useLoad<FleetAnswer>(`/api/v1/admin/fleet?${asked}`);
  useEffect(() => {
    const timer = window.setInterval(() => void reload(), ASK_MS);
    return () => window.clearInterval(timer);
  }, [reload]);
  const acknowledge = async (device: string, alarm: string): Promise<void> => {
    const answer = await call('POST', `/api/v1/admin/fleet/${device}/acknowledge`, { code: alarm });
    setProblem(answer.ok ? null : answer.problem);
    await reload();
  };
  const counts = value?.counts;
  const amountOf = (each: FleetState): string | null => {
    if (!counts) return null;
    return count(each === 'all' ? counts.critical + counts.attention + counts.well : counts[each], lang);
  };
  return (
    <>
      <h1>{sections.fleet}</h1>
      <p className="muted">{text.why}</p>
      <div className="fleet-ask">
        <div className="keys">
          {STATES.map((each) => (
            <Key
              key={each}
              pressed={state === each}
              onPress={() => {
                setState(each);
                setPage(0);
              }}
            >
              {text.states[each]} {amountOf(each)}
            </Key>
          ))}
        </div>
        <Field label={text.byAlarm}>
          {(tied) => (
            <select
              {...tied}
              value={code}
              onChange={(event) => {
                setCode(event.target.value);
                setPage(0);
              }}
            >
              <option value="">{text.anyAlarm}</option>
              {(counts?.byCode ?? []).map((each) => (
                <option key={each.code} value={each.code}>
                  {isErrorCode(each.code) ? ERRORS[each.code][lang] : each.code} ({count(each.kiosks, lang)})
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={text.search}>
          {(tied) => (
            <input
              {...{ ...tied, type: 'search', value: typed, maxLength: 80 }}
              onChange={(event) => {
                setTyped(event.target.value);
                setPage(0);
              }}
            />
          )}
        </Field>
      </div>
      {lost && <ProblemNote problem={lost} retry={() => void reload()} />}
      {problem && <ProblemNote problem={problem} />}
      <section className="panel list-panel">
        {loading && <Loading />}
        {value?.rows.length === 0 && (
          <Empty head={text.none}>
            <p>{text.noneNext}</p>
          </Empty>
        )}
        {value && value.rows.length > 0 && (
          <ul className="fleet">
            {value.rows.map((row) => (
              <FleetRow key={row.device} row={row} onAcknowledge={acknowledge} />
            ))}
          </ul>
        )}
      </section>
      {value && value.total > PAGE && (
        <div className="keys">
          <Key disabled={page === 0} onPress={() => setPage(page - 1)}>
            {text.before}
          </Key>
          <Key disabled={(page + 1) * PAGE >= value.total} onPress={() => setPage(page + 1)}>
            {text.after}
          </Key>
          <p className="muted" role="status">
            {text.pages(
              count(page * PAGE + 1, lang),
              count(page * PAGE + value.rows.length, lang),
              count(value.total, lang),
            )}
          </p>
        </div>
      )}
      <ReloadPanel />
      <RolloutPanel />
      <FleetRulePanel />
    </>
  );
}
