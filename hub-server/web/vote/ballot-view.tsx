/** The questions on a phone: one a page, the same rows for every level, and a last look before the one vote is sent. */
import type { Bilingual, LevelKey } from '@hailong/shared/model/instrument.ts';
import type { ReactNode } from 'react';
import { Face } from '../common/face.tsx';
import { useLang, useText } from '../common/lang.ts';
import {
  answer,
  answersOf,
  type Ballot,
  back,
  isForm,
  next,
  pageOf,
  skip,
  stepOf,
  toggle,
} from './ballot.ts';
import { BigKey, Foot, Head } from './parts.tsx';
import { voteText } from './text.ts';
import type { VoteActs } from './use-vote.ts';

const FACE_PX = 48;
type Level = { readonly key: LevelKey; readonly word: Bilingual };

export function BallotView({ ballot, acts }: { ballot: Ballot; acts: VoteActs }): ReactNode {
  const lang = useLang();
  const text = useText(voteText);
  const page = pageOf(ballot);
  const { step, steps } = stepOf(ballot);
  const { form } = ballot;
  const goBack = (): void => acts.turn(back);
  return (
    <>
      <p className="vote-step">{text.step(step, steps)}</p>
      {page.page === 'overall' && (
        <>
          <Head>{form.question[lang]}</Head>
          <Rows
            levels={form.levels}
            chosen={ballot.levels['overall']}
            onChoose={(level) => acts.turn((now) => answer(now, 'overall', level))}
          />
        </>
      )}
      {page.page === 'criterion' && (
        <>
          <Head>{page.criterion.name[lang]}</Head>
          <Rows
            levels={page.criterion.options ?? form.levels}
            faces={page.criterion.options === undefined}
            chosen={ballot.levels[page.criterion.key]}
            onChoose={(level) => acts.turn((now) => answer(now, page.criterion.key, level))}
          />
          <Foot>
            <BigKey onPress={goBack}>{text.back}</BigKey>
            <BigKey onPress={() => acts.turn((now) => skip(now, page.criterion.key))}>{text.skip}</BigKey>
          </Foot>
        </>
      )}
      {page.page === 'chips' && (
        <>
          <Head long>{text.chipsTitle}</Head>
          <div className="vote-chips">
            {page.chips.map((chip) => (
              <button
                key={chip.key}
                type="button"
                className="vote-chip"
                aria-pressed={ballot.chips.includes(chip.key)}
                onClick={() => acts.turn((now) => toggle(now, chip.key))}
              >
                {chip.word[lang]}
              </button>
            ))}
          </div>
          <Foot>
            <BigKey onPress={goBack}>{text.back}</BigKey>
            <BigKey onPress={() => acts.turn(next)}>{ballot.chips.length > 0 ? text.done : text.skip}</BigKey>
          </Foot>
        </>
      )}
      {page.page === 'check' && <Check ballot={ballot} acts={acts} />}
    </>
  );
}

function Rows({
  levels,
  chosen,
  faces = true,
  onChoose,
}: {
  levels: readonly Level[];
  chosen: LevelKey | undefined;
  faces?: boolean;
  onChoose: (level: LevelKey) => void;
}): ReactNode {
  const lang = useLang();
  return (
    <div className="vote-rows">
      {levels.map(({ key, word }) => (
        <button
          key={key}
          type="button"
          className="vote-row"
          aria-pressed={chosen === key}
          onClick={() => onChoose(key)}
        >
          {faces && <Face level={key} size={FACE_PX} />}
          <span>{word[lang]}</span>
        </button>
      ))}
    </div>
  );
}

function Check({ ballot, acts }: { ballot: Ballot; acts: VoteActs }): ReactNode {
  const lang = useLang();
  const text = useText(voteText);
  const { form, criteria, levels, chips } = ballot;
  const wordOf = (all: readonly Level[], key: LevelKey | undefined): string =>
    all.find((each) => each.key === key)?.word[lang] ?? text.skipped;
  return (
    <>
      <Head>{text.checkTitle}</Head>
      <dl className="vote-check">
        {!isForm(ballot) && [
          <dt key="overall">{form.question[lang]}</dt>,
          <dd key="overall-said">{wordOf(form.levels, levels['overall'])}</dd>,
        ]}
        {criteria.map(({ key, name, options }) => [
          <dt key={key}>{name[lang]}</dt>,
          <dd key={`${key}-said`}>{wordOf(options ?? form.levels, levels[key])}</dd>,
        ])}
      </dl>
      {chips.length > 0 && <p>{text.chipsChosen(chips.length)}</p>}
      <p>{text.once}</p>
      <Foot>
        <BigKey onPress={() => acts.turn(back)}>{text.back}</BigKey>
        {answersOf(ballot).length > 0 && (
          <BigKey main onPress={acts.send}>
            {text.send}
          </BigKey>
        )}
      </Foot>
    </>
  );
}
