/** What there is of this transaction's footage, camera by camera, and that this opening was logged. */
import type { TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { count, hms, length } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { Key, Mark } from '../common/parts.tsx';
import { unmappedWords } from './gap-sentence.ts';
import { inspectorText } from './text.ts';

/** Where the range ends by rule and not by what was recorded: which end, until when, and what to do about it. */
function Limits({ served, window: range }: Pick<TimelineAnswer, 'served' | 'window'>): ReactNode {
  const text = useText(inspectorText);
  const said = [
    served?.begin === 'unknown' ? text.beginUnknown(hms(range.from)) : null,
    served?.end === 'unknown' ? text.endUnknown(hms(range.to)) : null,
    served?.end === 'cut' ? text.endCut(hms(range.to)) : null,
  ].filter((each) => each !== null);
  return said.map((each) => (
    <p key={each} className="status">
      <Mark tone="attention" />
      <span>{each}</span>
    </p>
  ));
}

export function FootageFacts({
  cameras,
  limits,
  goesOn,
  chosen,
  openedAt,
  onChoose,
}: {
  cameras: TimelineAnswer['cameras'];
  /** Of the case's own range; null: two people stated this one, or nothing can be placed. */
  limits: Pick<TimelineAnswer, 'served' | 'window'> | null;
  /** The turn is still served: nothing of it is to be seen yet. */
  goesOn: boolean;
  chosen: string | null;
  openedAt: number | null;
  onChoose: (id: string) => void;
}): ReactNode {
  const text = useText(inspectorText);
  const lang = useLang();
  const sentence = (camera: TimelineAnswer['cameras'][number]): string => {
    if (goesOn && camera.state !== 'missing') return text.goesOn(camera.name);
    if (camera.state === 'ready') return text.covered(camera.name);
    if (camera.state === 'missing') return text.missing(camera.name);
    if (camera.state === 'pending') return text.pending(camera.name);
    const lost = camera.gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0);
    return text.gapsIn(camera.name, count(camera.gaps.length, lang), length(lost, lang));
  };
  const takenOut = ({ gaps }: TimelineAnswer['cameras'][number]): string =>
    gaps
      .map((gap) => unmappedWords(gap, text, lang))
      .filter((each, index, all) => each !== null && all.indexOf(each) === index)
      .map((each) => `; ${each}`)
      .join('');
  const toneOf = (state: TimelineAnswer['cameras'][number]['state']) =>
    state === 'missing'
      ? 'critical'
      : goesOn || state === 'pending'
        ? 'idle'
        : state === 'ready'
          ? 'ok'
          : 'critical';
  return (
    <section className="panel footage-facts">
      <h2>{text.clipOf}</h2>
      {cameras.length === 0 && <p>{text.noFootageNone}</p>}
      {cameras.map((camera) => (
        <p key={camera.id} className="status">
          <Mark tone={toneOf(camera.state)} />
          <span>
            {sentence(camera)}
            {takenOut(camera)}
          </span>
        </p>
      ))}
      {limits && <Limits {...limits} />}
      {cameras.length > 2 && (
        <div className="keys">
          {cameras.map((camera) => (
            <Key key={camera.id} pressed={camera.id === chosen} onPress={() => onChoose(camera.id)}>
              {camera.name}
            </Key>
          ))}
        </div>
      )}
      {openedAt !== null && (
        <p className="footage-log">
          <b>{text.logged}</b> <span className="muted">{text.loggedAt(hms(openedAt))}</span>
        </p>
      )}
    </section>
  );
}
