/** One recording of the hub at a time, for whoever checks it; what the browser cannot play is said. */
import { useEffect, useRef, useState } from 'react';

export interface Player {
  /** Hash of what is being played. */
  readonly playing: string | null;
  /** Hash of what could not be played. */
  readonly failed: string | null;
  /** Plays it, or stops it when it is being played. */
  toggle(sha256: string): void;
}

export function usePlayer(): Player {
  const current = useRef<HTMLAudioElement | null>(null);
  const [playing, setPlaying] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const stop = (): void => {
    current.current?.pause();
    current.current = null;
    setPlaying(null);
  };
  useEffect(() => () => current.current?.pause(), []);
  return {
    playing,
    failed,
    toggle(sha256) {
      const isPlaying = playing === sha256;
      stop();
      setFailed(null);
      if (isPlaying) return;
      const audio = new Audio(`/api/v1/admin/voices/${sha256}`);
      current.current = audio;
      setPlaying(sha256);
      const only = (then: () => void) => () => {
        if (current.current === audio) then();
      };
      const fail = only(() => {
        stop();
        setFailed(sha256);
      });
      audio.addEventListener('ended', only(stop));
      audio.addEventListener('error', fail);
      audio.play().catch(fail);
    },
  };
}
