/**
 * Gives a <video> an m3u8: the browser's own HLS where it has one, else hls.js, fetched only then. Calls `failed` once
 * when neither can play it; nothing is re-encoded. See hub-server/DESIGN.md, "Footage".
 */
const HLS_TYPE = 'application/vnd.apple.mpegurl';

export function attachPlaylist(
  video: HTMLVideoElement,
  playlist: string,
  on: { ready: () => void; failed: () => void },
): () => void {
  let gone = false;
  let destroy: (() => void) | null = null;
  let triedLibrary = false;
  const ready = (): void => on.ready();

  const withLibrary = async (): Promise<void> => {
    triedLibrary = true;
    try {
      const { default: Hls } = await import('hls.js/light');
      if (gone) return;
      if (!Hls.isSupported()) {
        on.failed();
        return;
      }
      // No worker: its blob address would need a weaker content policy.
      const player = new Hls({ enableWorker: false, maxBufferLength: 30, backBufferLength: 30 });
      destroy = () => player.destroy();
      player.on(Hls.Events.ERROR, (_event, problem) => {
        if (problem.fatal && !gone) on.failed();
      });
      player.loadSource(playlist);
      player.attachMedia(video);
    } catch {
      if (!gone) on.failed();
    }
  };
  const broken = (): void => {
    if (gone) return;
    if (triedLibrary) on.failed();
    else void withLibrary();
  };

  video.addEventListener('loadedmetadata', ready);
  if (video.canPlayType(HLS_TYPE) !== '') {
    video.addEventListener('error', broken);
    video.src = playlist;
  } else void withLibrary();

  return () => {
    gone = true;
    video.removeEventListener('loadedmetadata', ready);
    video.removeEventListener('error', broken);
    destroy?.();
    video.removeAttribute('src');
    video.load();
  };
}
