/** Latency: a picture just recorded of the hub's clock page, the time it shows, and what follows. */
import type { CameraPage, Measuring, RecentFrames } from '@hailong/shared/protocol/cameras.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { call, fetchPicture, get } from '../../common/api.ts';
import { dateTime, hm, hms, hmsMs, loginOf, seconds } from '../../common/format.ts';
import { useLang, useText } from '../../common/lang.ts';
import { Empty, Field, Key, Note, ProblemNote } from '../../common/parts.tsx';
import type { Problem } from '../../common/wire.ts';
import { camerasText } from './cameras-text.ts';
import { CODE_ERROR_MS, EYE_ERROR_MS, typedTime } from './clock-code.ts';
import { readClockCode } from './read-clock-code.ts';

interface Part {
  readonly base: string;
  readonly page: CameraPage;
  readonly reload: () => Promise<void>;
}
type Frame = RecentFrames['frames'][number];

export function CameraLatency({ base, page, reload }: Part): ReactNode {
  const text = useText(camerasText);
  const lang = useLang();
  const [frames, setFrames] = useState<readonly Frame[] | null>(null);
  const [measuring, setMeasuring] = useState<Measuring | null>(null);
  const [open, setOpen] = useState<Frame | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const look = async (): Promise<void> => {
    const answer = await get<RecentFrames>(`${base}/frames`);
    setFrames(answer.ok && answer.value.measuring ? answer.value.frames : null);
    setMeasuring(answer.ok ? answer.value.measuring : null);
    setProblem(answer.ok ? null : answer.problem);
    setOpen(null);
  };
  const begin = async (): Promise<void> => {
    const answer = await call<Measuring>('POST', `${base}/measuring`, {});
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) await look();
  };
  const measured = async (): Promise<void> => {
    setMeasuring(null);
    setFrames(null);
    await reload();
  };
  const [last] = page.latencies;
  const configured = seconds(page.configuredLatencyMs, lang);
  return (
    <section className="panel camera-panel" aria-label={text.latency}>
      <div className="panel-head">
        <h2>{text.latency}</h2>
        <a className="key key-anchor" href="/clock" target="_blank" rel="noreferrer">
          {text.clockPage}
        </a>
      </div>
      <p className="muted">{text.latencyWhy}</p>
      <p>
        {last === undefined ? (
          text.configured(configured)
        ) : (
          <>
            {text.inForce(seconds(last.latencyMs, lang), dateTime(last.at))} {text.before(configured)}
          </>
        )}
      </p>
      {measuring === null ? (
        <>
          <p>{text.measureWhy}</p>
          <Key onPress={() => void begin()}>{text.measureBegin}</Key>
        </>
      ) : (
        <>
          <p>{text.measuring(hm(measuring.until), measuring.left)}</p>
          <Key onPress={() => void look()}>{text.framesLoad}</Key>
        </>
      )}
      {problem && <ProblemNote problem={problem} retry={() => void (measuring ? look() : begin())} />}
      {frames?.length === 0 && <Empty head={text.framesNone} />}
      {frames !== null && frames.length > 0 && (
        <fieldset className="camera-frames">
          <legend>{text.frames}</legend>
          {frames.map((frame) => (
            <Key
              key={frame.segmentId}
              onPress={() => setOpen(frame)}
              label={text.openFrame(hms(frame.at))}
              pressed={open?.segmentId === frame.segmentId}
            >
              {hms(frame.at)}
            </Key>
          ))}
        </fieldset>
      )}
      {open && <Measure key={open.segmentId} base={base} frame={open} done={measured} />}
      {page.latencies.length > 0 && <Latencies page={page} />}
    </section>
  );
}

function Measure({
  base,
  frame,
  done,
}: {
  base: string;
  frame: Frame;
  done: () => Promise<void>;
}): ReactNode {
  const text = useText(camerasText);
  const lang = useLang();
  const [picture, setPicture] = useState<string | null>(null);
  const [code, setCode] = useState<number | null>(null);
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const shown = code ?? typedTime(typed, frame.at);
  const open = async (): Promise<void> => {
    setBusy(true);
    const answer = await fetchPicture(`${base}/frames/${frame.segmentId}`);
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return;
    setPicture(URL.createObjectURL(answer.value));
    setCode(await readClockCode(answer.value).catch(() => null));
  };
  const save = async (): Promise<void> => {
    if (shown === null) return;
    setBusy(true);
    const answer = await call('POST', `${base}/latency`, {
      ...{ segmentId: frame.segmentId, shownAt: shown },
      errorMs: code === null ? EYE_ERROR_MS : CODE_ERROR_MS,
    });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) await done();
  };
  return (
    <div className="camera-measure">
      {picture === null && (
        <Key busy={busy} onPress={() => void open()}>
          {text.openFrame(hms(frame.at))}
        </Key>
      )}
      {picture !== null && (
        <>
          <img className="camera-picture" src={picture} alt={text.frameAt(hmsMs(frame.at, lang))} />
          <p>{text.frameAt(hmsMs(frame.at, lang))}</p>
          {code !== null ? (
            <Note tone="ok" head={text.codeRead}>
              <p>
                {text.shown}: <b>{hmsMs(code, lang)}</b>
              </p>
            </Note>
          ) : (
            <>
              <p>{text.codeNone}</p>
              <Field
                label={text.shown}
                hint={text.shownHint}
                error={typed !== '' && shown === null ? text.shownWrong : undefined}
              >
                {(tied) => (
                  <input
                    {...tied}
                    value={typed}
                    maxLength={12}
                    onChange={(event) => setTyped(event.target.value)}
                  />
                )}
              </Field>
            </>
          )}
          <Key main busy={busy} disabled={shown === null} onPress={() => void save()}>
            {text.save}
          </Key>
        </>
      )}
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}

function Latencies({ page }: { page: CameraPage }): ReactNode {
  const text = useText(camerasText);
  const lang = useLang();
  return (
    <table className="list list-cards">
      <thead>
        <tr>
          {[text.at, text.measured, text.error, text.used, text.by].map((name) => (
            <th key={name}>{name}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {page.latencies.map((each) => (
          <tr key={each.at}>
            <td>{dateTime(each.at)}</td>
            <td data-name={text.measured}>{seconds(each.measuredMs, lang)} s</td>
            <td data-name={text.error}>± {each.errorMs} ms</td>
            <td data-name={text.used}>{seconds(each.latencyMs, lang)} s</td>
            <td data-name={text.by}>{loginOf(each.by)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
