/** The questions on a phone: one a page, the same rows for every level, and a last look before the one vote is sent. */
import type { Bilingual, LevelKey } from '@hailong/shared/model/instrument.ts';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
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
/** The second tap of a double tap must not answer, or send, what nobody has seen yet. As at the kiosk. */
const GUARD_MS = 350;
type Level = { readonly key: LevelKey; readonly word: Bilingual };

/** Whether the page has been on show for a moment. */
function useSeen(page: number): boolean {
  const [seen, setSeen] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSeen(page), GUARD_MS);
    return () => clearTimeout(timer);
  }, [page]);
  return seen === page;
}

export function BallotView({ ballot, acts }: { ballot: Ballot; acts: VoteActs }): ReactNode {
  const lang = useLang();
  const text = useText(voteText);
  const page = pageOf(ballot);
  const { step, steps } = stepOf(ballot);
  const { form } = ballot;
  const still = !useSeen(ballot.at);
  const goBack = (): void => acts.turn(back);
  return (
    <>
      <p className="vote-step">{text.step(step, steps)}</p>
      {page.page === 'overall' && (
        <>
          <Head>{form.question[lang]}</Head>
          <Rows
            still={still}
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
            still={still}
            levels={page.criterion.options ?? form.levels}
            faces={page.criterion.options === undefined}
            chosen={ballot.levels[page.criterion.key]}
            onChoose={(level) => acts.turn((now) => answer(now, page.criterion.key, level))}
          />
          <Foot>
            <BigKey still={still} onPress={goBack}>
              {text.back}
            </BigKey>
            <BigKey still={still} onPress={() => acts.turn((now) => skip(now, page.criterion.key))}>
              {text.skip}
            </BigKey>
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
                disabled={still}
                aria-pressed={ballot.chips.includes(chip.key)}
                onClick={() => acts.turn((now) => toggle(now, chip.key))}
              >
                {chip.word[lang]}
              </button>
            ))}
          </div>
          <Foot>
            <BigKey still={still} onPress={goBack}>
              {text.back}
            </BigKey>
            <BigKey still={still} onPress={() => acts.turn(next)}>
              {ballot.chips.length > 0 ? text.done : text.skip}
            </BigKey>
          </Foot>
        </>
      )}
      {page.page === 'check' && <Check ballot={ballot} acts={acts} still={still} />}
    </>
  );
}

function Rows({
  still,
  levels,
  chosen,
  faces = true,
  onChoose,
}: {
  still: boolean;
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
          disabled={still}
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

function Check({ ballot, acts, still }: { ballot: Ballot; acts: VoteActs; still: boolean }): ReactNode {
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
        <BigKey still={still} onPress={() => acts.turn(back)}>
          {text.back}
        </BigKey>
        {answersOf(ballot).length > 0 && (
          <BigKey main still={still} onPress={acts.send}>
            {text.send}
          </BigKey>
        )}
      </Foot>
    </>
  );
}
