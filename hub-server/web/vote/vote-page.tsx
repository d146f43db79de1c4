/** The page: its head, and below it one thing at a time. Works without the officer's photo or name, which it never asks. */
import type { PrivateOpenAnswer } from '@hailong/shared/protocol/private.ts';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { dateTime } from '../common/format.ts';
import { setLang, useLang, useText } from '../common/lang.ts';
import { Answered } from './answered.tsx';
import { BallotView } from './ballot-view.tsx';
import { CodeForm } from './code-form.tsx';
import { Attention, BigKey, Foot, Head, Note } from './parts.tsx';
import { voteText } from './text.ts';
import { type Stand, useVote, type VoteActs } from './use-vote.ts';

export function VotePage(): ReactNode {
  const { stand, slow, acts } = useVote();
  const text = useText(voteText);
  const lang = useLang();
  useEffect(() => {
    document.title = text.title;
  }, [text]);
  return (
    <div className="vote">
      <header className="vote-head">
        <Place opened={'opened' in stand ? stand.opened : null} />
        <button type="button" className="vote-lang" onClick={() => setLang(lang === 'vi' ? 'en' : 'vi')}>
          {text.otherLanguage}
        </button>
      </header>
      <main className="vote-main">
        <Body stand={stand} slow={slow} acts={acts} />
      </main>
    </div>
  );
}

function Place({ opened }: { opened: PrivateOpenAnswer | null }): ReactNode {
  const text = useText(voteText);
  if (!opened) return <p className="vote-place">{text.title}</p>;
  const { office, counter, openedAt } = opened;
  const second = [
    ...(counter ? [`${text.counter(counter.number)} · ${counter.name}`] : []),
    ...(openedAt === null ? [] : [dateTime(openedAt)]),
  ];
  return (
    <div className="vote-place">
      <p>{office}</p>
      {second.map((line) => (
        <p key={line} className="vote-where">
          {line}
        </p>
      ))}
    </div>
  );
}

function Body({ stand, slow, acts }: { stand: Stand; slow: boolean; acts: VoteActs }): ReactNode {
  const text = useText(voteText);
  switch (stand.at) {
    case 'start':
      return (
        <>
          <Head>{text.lead}</Head>
          <p>{text.kept}</p>
          <Foot>
            <BigKey main onPress={() => acts.start(stand.way)}>
              {text.start}
            </BigKey>
          </Foot>
        </>
      );
    case 'code':
      return <CodeForm onCode={acts.typed} />;
    case 'opening':
      return (
        <>
          <Head>{text.wait}</Head>
          {slow && <p role="status">{text.slow}</p>}
        </>
      );
    case 'refused': {
      const { why, way } = stand;
      return (
        <>
          <Note head={text.refused[why].head}>{text.refused[why].what}</Note>
          <Foot>
            {way && why !== 'other_phone' && why !== 'ticket_invalid' && (
              <BigKey main onPress={() => acts.start(way)}>
                {text.retry}
              </BigKey>
            )}
            {why !== 'away' && why !== 'too_many' && <BigKey onPress={acts.code}>{text.otherCode}</BigKey>}
          </Foot>
        </>
      );
    }
    case 'ballot':
      return (
        <>
          {!stand.opened.inTime && (
            <p className="vote-late">
              <Attention />
              {text.late}
            </p>
          )}
          <BallotView ballot={stand.ballot} acts={acts} />
        </>
      );
    case 'sending':
      return (
        <>
          <Head>{text.sending}</Head>
          {stand.failed ? <p role="status">{text.unsent}</p> : slow && <p role="status">{text.slow}</p>}
          {stand.failed && (
            <Foot>
              <BigKey main onPress={acts.send}>
                {text.again}
              </BigKey>
            </Foot>
          )}
        </>
      );
    case 'sent':
      return <Answered thanked={stand.thanked} receipt={stand.receipt} onLook={acts.lookAgain} />;
  }
}
