/** The large picture and the small one beside it; where there is no picture, the reason stands in its place. */
import type { TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { dateTime } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { Key, Loading, Note, ProblemNote } from '../common/parts.tsx';
import { words } from '../common/words.ts';
import { ClipVideo, type Playing, watermarkText } from './clip-video.tsx';
import { gapSentence } from './gap-sentence.ts';
import { inspectorText } from './text.ts';
import type { OpenedClip } from './use-clip.ts';
import { Watermark } from './watermark.tsx';

type Camera = TimelineAnswer['cameras'][number];
const widerBound = (camera: Camera): number => Math.max(camera.boundBeforeMs, camera.boundAfterMs);

export function MainPicture({
  timeline,
  camera,
  opened,
  startAt,
  onVideo,
  onPlaying,
  onAgain,
}: {
  timeline: TimelineAnswer;
  camera: Camera | null;
  opened: OpenedClip;
  startAt: number;
  onVideo: (video: HTMLVideoElement | null) => void;
  onPlaying: (playing: Playing) => void;
  /** Asks for the timeline again. */
  onAgain: () => void;
}): ReactNode {
  const text = useText(inspectorText);
  const common = useText(words);
  const lang = useLang();
  const { clip, problem } = opened;
  if (timeline.case.status === 'open' && timeline.opensBy !== null)
    return (
      <div className="clip clip-none">
        <Note tone="idle" head={text.stillServed}>
          <p>{text.stillServedNext(dateTime(timeline.opensBy))}</p>
          <Key onPress={onAgain}>{text.askAgain}</Key>
        </Note>
      </div>
    );
  const unplaced = timeline.kioskBoundMs === null && timeline.cameras.every(({ gaps }) => gaps.length === 0);
  if (camera === null && unplaced && timeline.cameras.length > 0)
    return (
      <div className="clip clip-none">
        <Note tone="critical" head={text.cannotPlace}>
          <p>{text.cannotPlaceWhy}</p>
        </Note>
      </div>
    );
  if (camera === null)
    return (
      <div className="clip clip-none">
        <Note tone="critical" head={text.noFootage}>
          {timeline.cameras.length === 0 && <p>{text.noFootageNone}</p>}
          {timeline.cameras.map((each) => (
            <p key={each.id}>
              <b>{each.name}</b>:{' '}
              {each.gaps.length > 0
                ? each.gaps.map((gap) => gapSentence(gap, text, common, lang)).join('; ')
                : common.gaps.unknown}
            </p>
          ))}
        </Note>
      </div>
    );
  if (timeline.case.status === 'closed')
    return (
      <div className="clip clip-none">
        <Note tone="idle" head={text.statusClosed}>
          <p>{text.closeWhy}</p>
        </Note>
      </div>
    );
  if (problem)
    return (
      <div className="clip clip-none">
        <ProblemNote problem={problem} retry={opened.reopen} />
      </div>
    );
  if (clip === null)
    return (
      <div className="clip clip-none">
        {camera.state === 'pending' ? (
          <Note tone="idle" head={text.pendingFootage}>
            <p>{text.pendingNext}</p>
          </Note>
        ) : (
          <Loading />
        )}
      </div>
    );
  return (
    <ClipVideo
      key={clip.playlist}
      clip={clip}
      name={camera.name}
      boundMs={widerBound(camera)}
      startAt={startAt}
      small={false}
      watermark={<Watermark text={watermarkText(clip, opened.openedAt)} size={15} />}
      onVideo={onVideo}
      onPlaying={onPlaying}
      onReopen={opened.reopen}
    />
  );
}

export function SidePicture({
  camera,
  opened,
  startAt,
  onVideo,
  onChoose,
}: {
  camera: Camera;
  opened: OpenedClip;
  startAt: number;
  onVideo: (video: HTMLVideoElement | null) => void;
  onChoose: () => void;
}): ReactNode {
  const text = useText(inspectorText);
  if (opened.clip === null)
    return (
      <div className="clip clip-small clip-none">
        {opened.problem ? <ProblemNote problem={opened.problem} retry={opened.reopen} /> : <Loading />}
      </div>
    );
  return (
    // The key lies over the picture, not around it: a picture that fails has a key of its own.
    <div className="side-choice">
      <ClipVideo
        key={opened.clip.playlist}
        clip={opened.clip}
        name={camera.name}
        boundMs={widerBound(camera)}
        startAt={startAt}
        small
        watermark={<Watermark text={watermarkText(opened.clip, opened.openedAt)} size={9} />}
        onVideo={onVideo}
        onReopen={opened.reopen}
      />
      <button
        type="button"
        className="side-key"
        onClick={onChoose}
        aria-label={`${text.choose}: ${camera.name}`}
      />
    </div>
  );
}
