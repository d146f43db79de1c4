/*
 * Purpose: a process that serves one film as many cameras in real time, each with a connection and a port of its own, and
 * counts the pictures it handed over.
 */
import {
  encodeFilm,
  type Film,
  type FilmOptions,
  startFilmFeed,
} from '@hailong/device-drivers/simulators/film-feed.ts';
import { type RtspServer, startRtspServer } from '@hailong/device-drivers/simulators/rtsp-server.ts';
import { answerOrders } from '../../processes.ts';

export type MountsOrder =
  | { readonly kind: 'film'; readonly film: FilmOptions }
  /** Answers the addresses. */
  | { readonly kind: 'open'; readonly mounts: number }
  /** Answers how many play and how many pictures were handed over. */
  | { readonly kind: 'count' }
  /** Sends no more, closes every connection and accepts none. */
  | { readonly kind: 'close' };

export interface MountsCount {
  readonly playing: number;
  readonly pictures: number;
}

let film: Film | null = null;
let servers: RtspServer[] = [];
let feeds: { stop(): Promise<void> }[] = [];
let pictures = 0;

async function open(shown: Film, count: number): Promise<readonly string[]> {
  pictures = 0;
  for (let mount = 0; mount < count; mount += 1) {
    const feed = startFilmFeed(shown);
    feeds.push(feed);
    const server = { feed, codec: 'h264', path: '/live', auth: 'none', user: '', password: '' } as const;
    servers.push(
      await startRtspServer({
        ...server,
        onSent: () => {
          pictures += 1;
        },
      }),
    );
    // As cameras are: their key frames do not come at one moment.
    await new Promise((done) => setTimeout(done, 1_000 / shown.fps));
  }
  return servers.map(({ url }) => url);
}

answerOrders(async (order: MountsOrder) => {
  switch (order.kind) {
    case 'film':
      film = await encodeFilm(order.film);
      return null;
    case 'open':
      if (film === null) throw new Error('no film');
      return open(film, order.mounts);
    case 'count': {
      const playing = servers.reduce((sum, server) => sum + server.playing(), 0);
      return { playing, pictures } satisfies MountsCount;
    }
    case 'close':
      await Promise.all(feeds.map((feed) => feed.stop()));
      // What is handed over is written before the connection ends.
      await new Promise((done) => setTimeout(done, 500));
      await Promise.all(servers.map((server) => server.stop()));
      servers = [];
      feeds = [];
      return null;
  }
});
