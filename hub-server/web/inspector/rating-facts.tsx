/** The stored rating and where it stands in the chain: face, word, way in, criteria, instrument, clock, event. */
import type { TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { Face } from '../common/face.tsx';
import { count, hms, plusMinus } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { words } from '../common/words.ts';
import { inspectorText } from './text.ts';

export function RatingFacts({ timeline }: { timeline: TimelineAnswer }): ReactNode {
  const text = useText(inspectorText);
  const common = useText(words);
  const lang = useLang();
  const { ratings, transaction } = timeline;
  const { effective, votes } = ratings ?? { effective: null, votes: [] };
  const overall = votes.find((vote) => vote.question === 'overall' && vote.effective) ?? null;
  const attempts = votes
    .filter((vote) => vote.question === 'overall')
    .reduce((most, vote) => Math.max(most, vote.attempt), 0);
  // Of a form of criteria these are all there is.
  const criteria = votes
    .filter((vote) => vote.effective && vote.question !== 'overall')
    .map(({ question, questionName, level, word }) => ({
      ...{ key: question, name: questionName[lang], said: word?.[lang] ?? common.levels[level] },
    }));
  const bound = timeline.kioskBoundMs;
  const goesOn = timeline.opensBy !== null;
  if (transaction === null)
    return (
      <section className="panel rating-facts" aria-label={text.rating}>
        <p className="rating-word">{text.intervalCase}</p>
        <p className="muted small">{text.intervalCaseWhy}</p>
      </section>
    );
  return (
    <section className="panel rating-facts" aria-label={text.rating}>
      {effective ? (
        <div className="rating-head">
          <Face level={effective.overall} size={48} />
          <div>
            <p className="rating-word">{common.levels[effective.overall]}</p>
            <p className="muted small">
              {overall ? `${text.vias[overall.via]}, ${hms(overall.at)} · ` : ''}
              {effective.review ? text.review : text.effective}
            </p>
          </div>
        </div>
      ) : (
        <div className="rating-head">
          <div>
            <p className="rating-word">{criteria.length > 0 ? text.formRating : text.noRating}</p>
            <p className="muted small">
              {criteria.length > 0 ? text.formRatingWhy : goesOn ? text.noRatingYet : text.noRatingWhy}
            </p>
          </div>
        </div>
      )}
      <dl>
        <dt>{text.transaction}</dt>
        <dd>
          {transaction.queueNumber ?? text.noNumber} · {common.stages[transaction.stage]}
        </dd>
        <dt>{text.dossier}</dt>
        <dd>{transaction.dossierCodes.join(', ') || common.none}</dd>
        <dt>{text.procedure}</dt>
        <dd>{transaction.procedure?.name ?? common.none}</dd>
        <dt>{text.officer}</dt>
        <dd>{transaction.officer.name}</dd>
        {criteria.length > 0 && (
          <>
            <dt>{text.criteria}</dt>
            <dd>
              {criteria.map((each) => (
                <p key={each.key}>
                  {each.name}: {each.said}
                </p>
              ))}
            </dd>
          </>
        )}
        {ratings?.instrument && (
          <>
            <dt>{text.form}</dt>
            <dd>{text.formVersion(ratings.instrument.id, String(ratings.instrument.version))}</dd>
          </>
        )}
        <dt>{text.votes}</dt>
        <dd>
          {timeline.presses.length === 0
            ? goesOn
              ? text.noPressYet
              : text.noPress
            : text.votesOf(count(timeline.presses.length, lang), attempts)}
        </dd>
        <dt>{text.clock}</dt>
        <dd>{text.deviceClock(bound === null ? text.clockUnbound : plusMinus(bound, lang))}</dd>
        {overall && (
          <>
            <dt>{text.event}</dt>
            <dd>
              {text.eventOf(
                count(overall.event.seq, lang),
                `${overall.event.hash.slice(0, 4)} ${overall.event.hash.slice(4, 8)}`,
              )}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
