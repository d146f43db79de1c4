/**
 * Who saw footage in which the officer may be: of cases that were told or are closed, never of a denunciation; and to measure or aim a camera. Asked for by a key,
 * never pushed. See hub-server/DESIGN.md, "Cases and who watched".
 */
import type { WatchedAnswer } from '@hailong/shared/protocol/cases.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { date, hm } from '../common/format.ts';
import { useText } from '../common/lang.ts';
import { Empty, Key, Loading, ProblemNote } from '../common/parts.tsx';
import { useLoad } from '../common/use-load.ts';
import { words } from '../common/words.ts';
import { stationText } from './text.ts';

function Views(): ReactNode {
  const text = useText(stationText);
  const common = useText(words);
  const { value, problem, loading, reload } = useLoad<WatchedAnswer>('/api/v1/station/watched');
  return (
    <>
      <p className="small">{text.watchedRule}</p>
      {loading && <Loading />}
      {problem && <ProblemNote problem={problem} retry={() => void reload()} />}
      {value?.views.length === 0 && <Empty head={text.watchedNone} />}
      {value && value.views.length > 0 && (
        <ul className="watched">
          {value.views.map((view) => (
            <li key={`${view.caseNumber} ${view.at} ${view.camera} ${view.from}`}>
              <b>{view.viewer}</b>
              {view.caseNumber !== null && ` · ${view.caseNumber}`}
              <div className="small muted">
                {view.picture !== null
                  ? text.watchedPictures[view.picture]
                  : view.caseType && common.caseTypes[view.caseType]}{' '}
                · {text.watchedAt(`${hm(view.at)} ${date(view.at)}`)}
              </div>
              <div className="small muted">
                {text.watchedOf(
                  view.queueNumber ?? (view.transactionId === null ? text.watchedSpan : text.watchedNoNumber),
                  view.counter,
                  view.camera,
                  `${hm(view.from)}–${hm(view.to)} ${date(view.from)}`,
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** A part of the own totals, asked for only when it is opened. */
export function Watched(): ReactNode {
  const text = useText(stationText);
  const [open, setOpen] = useState(false);
  return (
    <section className="block">
      <h3>{text.watched}</h3>
      {open ? <Views /> : <Key onPress={() => setOpen(true)}>{text.watchedShow}</Key>}
    </section>
  );
}
