/** Cameras: address and user in clear, password write-only; a probe says what the camera is and what to change. */
import type { Counter } from '@hailong/shared/model/directory.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { href, useHash } from '../../common/hash.ts';
import { useText } from '../../common/lang.ts';
import { Key, Mark, Note, ProblemNote, type Tone } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import type { AdminLists, ProbeResult, Problem } from '../../common/wire.ts';
import { flagOf, listOf, numberOf, textOf, type Values } from '../fields/form.ts';
import { ListSection } from '../fields/list-section.tsx';
import { adminText } from '../text.ts';
import { CameraFind } from './camera-find.tsx';
import { CameraPage, StandingMark } from './camera-page.tsx';
import { camerasText } from './cameras-text.ts';
import { CodeLine, CodeNote } from './code-note.tsx';
import { ProbeLines } from './probe-lines.tsx';

type Camera = AdminLists['cameras']['items'][number];
const TONES: Record<string, Tone> = {
  recording: 'ok',
  connecting: 'attention',
  down: 'critical',
  off: 'idle',
};

export function CamerasSection(): ReactNode {
  const [, id] = useHash();
  if (id !== undefined) return <CameraPage key={id} id={id} />;
  return (
    <>
      <CameraList />
      <CameraFind />
    </>
  );
}

function CameraList(): ReactNode {
  const text = useText(adminText);
  const own = useText(camerasText);
  const counters: readonly Counter[] =
    useLoad<AdminLists['counters']>('/api/v1/admin/counters').value?.items ?? [];
  const numbers = (ids: readonly string[]): string =>
    counters
      .filter((each) => ids.includes(each.id))
      .map((each) => each.number)
      .join(', ');
  return (
    <ListSection<Camera>
      of={{
        list: 'cameras',
        title: text.sections.cameras,
        importable: true,
        columns: [
          { name: text.name, cell: (item) => <b>{item.name}</b> },
          { name: text.address, cell: (item) => <span className="address">{item.address}</span> },
          { name: text.counters, cell: (item) => numbers(item.counterIds) },
          { name: text.retention, cell: (item) => item.retentionDays },
          { name: text.state, cell: (item) => <LiveState camera={item} /> },
          {
            name: own.onboarding,
            cell: (item) => (
              <>
                {item.standing && <StandingMark standing={item.standing} />}
                {item.standing?.alarms.map((code) => (
                  <CodeLine key={code} code={code} />
                ))}
                <div>
                  <a href={href('cameras', item.id)} aria-label={own.open(item.name)}>
                    {own.openKey}
                  </a>
                </div>
              </>
            ),
          },
        ],
        fields: [
          { key: 'name', label: text.name, kind: 'text', required: true, max: 80 },
          {
            key: 'address',
            label: text.address,
            kind: 'text',
            required: true,
            max: 300,
            hint: text.addressHint,
          },
          {
            key: 'via',
            label: own.via,
            kind: 'select',
            hint: own.viaHint,
            options: (['auto', 'node-onvif', 'onvif'] as const).map((each) => ({
              ...{ value: each, name: own.vias[each] },
            })),
          },
          { key: 'user', label: text.user, kind: 'text', max: 64, hint: own.userHint },
          {
            key: 'password',
            label: own.password,
            kind: 'password',
            max: 128,
            hint: own.passwordKept,
            hintNew: own.passwordNew,
          },
          {
            key: 'counterIds',
            label: text.counters,
            kind: 'many',
            options: counters.map((each) => ({ value: each.id, name: `${each.number} · ${each.name}` })),
          },
          { key: 'retentionDays', label: text.retention, kind: 'number', required: true, min: 1, max: 3650 },
          {
            key: 'latencyMs',
            label: text.latency,
            kind: 'number',
            required: true,
            min: 0,
            max: 20_000,
            hint: text.latencyHint,
          },
          { key: 'active', label: text.active, kind: 'check' },
        ],
        idOf: (item) => item.id,
        nameOf: (item) => item.name,
        fresh: {
          name: '',
          address: '',
          via: 'auto',
          user: '',
          password: '',
          counterIds: [],
          retentionDays: '30',
          latencyMs: '2000',
          active: true,
        },
        valuesOf: (item) => ({
          name: item.name,
          address: item.address,
          via: item.via ?? 'auto',
          user: item.user,
          password: '',
          counterIds: item.counterIds,
          retentionDays: String(item.retentionDays),
          latencyMs: String(item.latencyMs),
          active: item.active,
        }),
        bodyOf: (values) => ({
          name: textOf(values, 'name'),
          address: textOf(values, 'address'),
          via: viaOf(values),
          user: textOf(values, 'user'),
          counterIds: listOf(values, 'counterIds'),
          retentionDays: numberOf(values, 'retentionDays'),
          latencyMs: numberOf(values, 'latencyMs'),
          active: flagOf(values, 'active'),
          ...(values['password'] === '' ? {} : { password: values['password'] }),
        }),
        extra: (values) => <Probe values={values} />,
      }}
    />
  );
}

/** `auto` is no adapter: null. */
function viaOf(values: Values): 'node-onvif' | 'onvif' | null {
  const via = textOf(values, 'via');
  return via === 'node-onvif' || via === 'onvif' ? via : null;
}

function LiveState({ camera }: { camera: Camera }): ReactNode {
  const text = useText(adminText);
  const live = camera.live;
  const state = camera.active && live ? live.state : 'off';
  return (
    <div>
      <span className="status">
        <Mark tone={TONES[state] ?? 'idle'} />
        {text.liveStates[state] ?? state}
      </span>
      {live?.codec && (
        <div className="muted small">
          {live.codec}
          {live.width && live.height ? ` ${live.width}×${live.height}` : ''}
        </div>
      )}
    </div>
  );
}

function Probe({ values }: { values: Values }): ReactNode {
  const text = useText(adminText);
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<ProbeResult | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const probe = async (): Promise<void> => {
    setBusy(true);
    setResult(null);
    const answer = await call<ProbeResult>('POST', '/api/v1/admin/cameras/probe', {
      address: textOf(values, 'address'),
      user: textOf(values, 'user'),
      via: viaOf(values),
      password: values['password'] ?? '',
    });
    setBusy(false);
    setResult(answer.ok ? answer.value : null);
    setProblem(answer.ok ? null : answer.problem);
  };
  return (
    <div className="probe">
      <Key busy={busy} disabled={textOf(values, 'address') === ''} onPress={() => void probe()}>
        {busy ? text.probing : text.probe}
      </Key>
      {problem && <ProblemNote problem={problem} />}
      {result?.ok === false && <CodeNote code={result.code} tone="critical" detail={result.detail} />}
      {result?.ok === true && (
        <>
          <Note tone="ok" head={text.probeOk}>
            <ProbeLines result={result} />
            {result.advice.length === 0 && <p>{text.noAdvice}</p>}
          </Note>
          {result.advice.length > 0 && <h3>{text.advice}</h3>}
          {result.advice.map((code) => (
            <CodeNote key={code} code={code} tone="attention" />
          ))}
        </>
      )}
    </div>
  );
}
