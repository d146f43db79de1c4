/**
 * One case: its facts always in view, the footage of its transaction playing at once, the rating's facts, and one
 * timeline under them. Nothing outside the permitted window is drawn or played.
 */
import type { TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useText } from '../common/lang.ts';
import { Kbd, Loading, ProblemNote } from '../common/parts.tsx';
import { useLoad } from '../common/use-load.ts';
import { CaseHead } from './case-head.tsx';
import { secondsAt, wallAt } from './clip-clock.ts';
import { ClipDownloads } from './clip-downloads.tsx';
import type { Playing } from './clip-video.tsx';
import { Controls } from './controls.tsx';
import { FootageFacts } from './footage-facts.tsx';
import { MainPicture, SidePicture } from './pictures.tsx';
import { RatingFacts } from './rating-facts.tsx';
import { inspectorText } from './text.ts';
import { Timeline } from './timeline.tsx';
import { mainPress, marksOf, nextMark, servedSpan } from './timeline-scale.ts';
import { useCaseKeys } from './use-case-keys.ts';
import { useClips } from './use-clip.ts';

/** While a segment is still being written; segments close every few seconds. */
const PENDING_RELOAD_MS = 5_000;
/** While the turn goes on: it asks by itself so often, and so long, lest a page that nobody looks at keeps its login awake for hours. */
const SERVED_RELOAD_MS = 15_000;
const SERVED_ASKS = 80;

export function CasePage({ id }: { id: string }): ReactNode {
  const [interval, setInterval] = useState<string | null>(null);
  const timeline = useLoad<TimelineAnswer>(
    `/api/v1/cases/${id}/timeline${interval === null ? '' : `?interval=${interval}`}`,
  );
  const { reload, again, value } = timeline;
  const pending = value?.cameras.some((camera) => camera.state === 'pending') ?? false;
  const goesOn = value?.case.status === 'open' && value.opensBy !== null;
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (goesOn || !pending) return;
    const timer = window.setInterval(again, PENDING_RELOAD_MS);
    return () => window.clearInterval(timer);
  }, [goesOn, pending, again]);
  useEffect(() => {
    if (!goesOn || asked >= SERVED_ASKS) return;
    const timer = window.setTimeout(() => {
      setAsked(asked + 1);
      void reload();
    }, SERVED_RELOAD_MS);
    return () => window.clearTimeout(timer);
  }, [goesOn, asked, reload]);
  if (value === null)
    return (
      <main className="page">
        {timeline.loading && <Loading />}
        {timeline.problem && <ProblemNote problem={timeline.problem} retry={() => void reload()} />}
      </main>
    );
  return (
    <OpenedCase
      key={interval ?? ''}
      timeline={value}
      interval={interval}
      onInterval={setInterval}
      onChanged={() => {
        setAsked(0);
        void reload();
      }}
    />
  );
}

function OpenedCase({
  timeline,
  interval,
  onInterval,
  onChanged,
}: {
  timeline: TimelineAnswer;
  interval: string | null;
  onInterval: (id: string | null) => void;
  onChanged: () => void;
}): ReactNode {
  const text = useText(inspectorText);
  const { cameras, window: range } = timeline;
  const playableCameras = cameras.filter((camera) => camera.state !== 'missing');
  const closed = timeline.case.status === 'closed';
  const unseen = closed || timeline.opensBy !== null;
  const [chosen, setChosen] = useState<string | null>(null);
  const main = playableCameras.find((each) => each.id === chosen) ?? playableCameras[0] ?? null;
  const side = playableCameras.find((each) => each.id !== main?.id) ?? null;
  const clipOf = useClips(timeline.case.id, interval, unseen ? [] : [main, side]);
  const mainClip = clipOf(unseen ? null : (main?.id ?? null));
  const sideClip = clipOf(unseen ? null : (side?.id ?? null));

  const press = mainPress(timeline);
  const [playing, setPlaying] = useState<Playing>({ wall: null, paused: true });
  const [rate, setRate] = useState(1);
  const mainVideo = useRef<HTMLVideoElement | null>(null);
  const sideVideo = useRef<HTMLVideoElement | null>(null);
  const takeMain = useCallback((video: HTMLVideoElement | null) => {
    mainVideo.current = video;
  }, []);
  const takeSide = useCallback((video: HTMLVideoElement | null) => {
    sideVideo.current = video;
  }, []);

  const pieces = mainClip.clip?.pieces ?? null;
  const begin = servedSpan(timeline).from ?? range.from;
  const wall = playing.wall ?? press?.at ?? begin;

  const seek = useCallback(
    (at: number) => {
      const video = mainVideo.current;
      const inside = Math.min(Math.max(at, range.from), range.to);
      const place = pieces && secondsAt(pieces, inside);
      if (video && place) video.currentTime = place.seconds;
      else setPlaying((before) => ({ ...before, wall: inside }));
    },
    [pieces, range.from, range.to],
  );
  /** By playlist seconds, so that one step over a gap is one step, not a stop at it. */
  const step = useCallback((by: number) => {
    const video = mainVideo.current;
    if (video) video.currentTime = Math.min(Math.max(0, video.currentTime + by), video.duration || 0);
  }, []);
  const toggle = useCallback(() => {
    const video = mainVideo.current;
    if (video === null) return;
    if (video.paused) video.play().catch(() => undefined);
    else video.pause();
  }, []);

  // The second camera follows the wall clock of the first: two recordings, one moment.
  const sidePieces = sideClip.clip?.pieces ?? null;
  useEffect(() => {
    const video = sideVideo.current;
    if (video === null || sidePieces === null || playing.wall === null) return;
    const place = secondsAt(sidePieces, playing.wall);
    if (place === null) return;
    if (video.playbackRate !== rate) video.playbackRate = rate;
    if (Math.abs(video.currentTime - place.seconds) > 0.7) video.currentTime = place.seconds;
    if (playing.paused || !place.exact) video.pause();
    else if (video.paused) video.play().catch(() => undefined);
  }, [playing, rate, sidePieces]);
  useEffect(() => {
    const video = mainVideo.current;
    if (video) video.playbackRate = rate;
  });

  const marks = useMemo(() => marksOf(timeline), [timeline]);
  useCaseKeys({
    toggle,
    step,
    next: () => {
      const at = nextMark(marks, wall);
      if (at !== null) seek(at);
    },
  });

  const startAt = mainClip.clip
    ? playing.wall === null
      ? mainClip.clip.playFrom
      : (secondsAt(mainClip.clip.pieces, playing.wall)?.seconds ?? mainClip.clip.playFrom)
    : 0;
  const sideStart = sideClip.clip?.playFrom ?? 0;
  return (
    <>
      <CaseHead timeline={timeline} interval={interval} onInterval={onInterval} onChanged={onChanged} />
      <main className="case">
        <div className="case-pictures">
          <div className="case-main">
            <MainPicture
              timeline={timeline}
              camera={main}
              opened={mainClip}
              startAt={startAt}
              onVideo={takeMain}
              onPlaying={setPlaying}
              onAgain={onChanged}
            />
            <Controls
              wall={pieces === null ? null : (playing.wall ?? wallAt(pieces, startAt))}
              paused={playing.paused}
              rate={rate}
              disabled={mainClip.clip === null}
              hasPress={press !== null}
              onToggle={toggle}
              onStep={step}
              onRate={setRate}
              onMark={() => seek(press?.at ?? begin)}
            />
          </div>
          <div className="case-side">
            {side && !unseen && (
              <SidePicture
                camera={side}
                opened={sideClip}
                startAt={sideStart}
                onVideo={takeSide}
                onChoose={() => setChosen(side.id)}
              />
            )}
            {main && mainClip.clip && mainClip.clip.downloads.length > 0 && (
              <ClipDownloads
                name={main.name}
                clip={mainClip.clip}
                openedAt={mainClip.openedAt}
                onReopen={mainClip.reopen}
              />
            )}
            <FootageFacts
              cameras={cameras}
              limits={
                interval === null && timeline.kioskBoundMs !== null && timeline.opensBy === null
                  ? timeline
                  : null
              }
              goesOn={!closed && timeline.opensBy !== null}
              chosen={main?.id ?? null}
              openedAt={mainClip.openedAt}
              onChoose={setChosen}
            />
          </div>
          <RatingFacts timeline={timeline} />
        </div>
        <Timeline timeline={timeline} wall={wall} onSeek={seek} />
        <footer className="case-foot">
          <span>
            <Kbd>Space</Kbd> {text.keySpace}
          </span>
          <span>
            <Kbd>←</Kbd> <Kbd>→</Kbd> {text.keyArrows}
          </span>
          <span>
            <Kbd>N</Kbd> {text.keyNext}
          </span>
          <span className="case-foot-note">{text.foot}</span>
        </footer>
      </main>
    </>
  );
}
