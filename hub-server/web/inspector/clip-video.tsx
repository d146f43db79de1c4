/**
 * One picture: the video, its watermark, its name and the wall clock computed from the clip's pieces. The element is
 * handed up so that one set of keys moves every camera. It shows no browser controls: they would offer a download.
 */
import type { ClipAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import { date, dateTime, errorSeconds, hms } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { Key, Note } from '../common/parts.tsx';
import { attachPlaylist } from './attach-playlist.ts';
import { wallAt } from './clip-clock.ts';
import { inspectorText } from './text.ts';

/** The clock under the picture moves ten times a second: finer than any accuracy it carries. */
const TICK_MS = 100;

export interface Playing {
  readonly wall: number | null;
  readonly paused: boolean;
}

export function ClipVideo({
  clip,
  name,
  boundMs,
  startAt,
  small,
  watermark,
  onVideo,
  onPlaying,
  onReopen,
}: {
  clip: ClipAnswer;
  name: string;
  boundMs: number;
  /** Playlist seconds to start at. */
  startAt: number;
  small: boolean;
  watermark: ReactNode;
  onVideo: (video: HTMLVideoElement | null) => void;
  onPlaying?: (playing: Playing) => void;
  onReopen: () => void;
}): ReactNode {
  const text = useText(inspectorText);
  const lang = useLang();
  const video = useRef<HTMLVideoElement>(null);
  const [failed, setFailed] = useState(false);
  const [wall, setWall] = useState<number | null>(null);
  const start = useRef(startAt);
  const report = useRef(onPlaying);
  report.current = onPlaying;

  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    setFailed(false);
    onVideo(element);
    const detach = attachPlaylist(element, clip.playlist, {
      ready: () => {
        element.currentTime = start.current;
        // Muted playing is allowed without a press; where it is not, the play key is there.
        element.play().catch(() => undefined);
      },
      failed: () => setFailed(true),
    });
    return () => {
      onVideo(null);
      detach();
    };
  }, [clip.playlist, onVideo]);

  useEffect(() => {
    let last = '';
    const timer = window.setInterval(() => {
      const element = video.current;
      if (element === null) return;
      const at = element.readyState > 0 ? wallAt(clip.pieces, element.currentTime) : null;
      const state = `${at} ${element.paused}`;
      if (state === last) return;
      last = state;
      setWall(at);
      report.current?.({ wall: at, paused: element.paused });
    }, TICK_MS);
    return () => window.clearInterval(timer);
  }, [clip.pieces]);

  const codec = clip.codec.toLowerCase() === 'hevc' ? 'H.265' : clip.codec.toUpperCase();
  const playable = clip.codec.toLowerCase() === 'h264';
  return (
    <figure className={small ? 'clip clip-small' : 'clip'}>
      <video ref={video} muted playsInline disablePictureInPicture controlsList="nodownload" />
      {watermark}
      {failed && (
        <div className="clip-failed">
          <Note tone="critical" head={text.cannotPlay}>
            <p>{playable ? text.cannotPlayNext : text.cannotPlayCodec(codec)}</p>
            <Key onPress={onReopen}>{text.reopen}</Key>
          </Note>
        </div>
      )}
      <figcaption>
        <span>{name}</span>
        <span className="clip-clock" data-wall={wall ?? ''}>
          {wall === null ? '' : `${small ? '' : `${date(wall)} `}${hms(wall)}`} ±&nbsp;
          {errorSeconds(boundMs, lang)}
          {small ? '' : lang === 'vi' ? ' giây' : ' s'}
        </span>
      </figcaption>
    </figure>
  );
}

/** The hub's own watermark text, with the time of this opening when the hub's has none. */
export function watermarkText(clip: ClipAnswer, openedAt: number | null): string {
  return /\d{2}:\d{2}/.test(clip.watermark) || openedAt === null
    ? clip.watermark
    : `${clip.watermark} · ${dateTime(openedAt)}`;
}
