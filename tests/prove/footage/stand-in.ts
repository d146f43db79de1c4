/*
 * Purpose: a camera that keeps its own truth: which picture it sent when. It can be cut, frozen, switched off and on,
 * moved, and its RTP clock set. A film of its own makes twenty of them cheap.
 */
import { type Film, startFilmFeed } from '@hailong/device-drivers/simulators/film-feed.ts';
import { startOnvifServer } from '@hailong/device-drivers/simulators/onvif-server.ts';
import { type RtspServer, startRtspServer } from '@hailong/device-drivers/simulators/rtsp-server.ts';
import type { Span } from '@hailong/shared/evidence/spans.ts';
import { freePort } from '../../support/ports.ts';

export const LOGIN = { user: 'hailong', password: 'Mat-khau-9f3e17' } as const;
/** A key frame every two seconds: the longest that is asked of cameras, and the hardest to be back with in time. */
export const FILM = { width: 320, height: 180, fps: 12.5, gopMs: 2_000, kbps: 300, seconds: 4 } as const;
export const PICTURE_MS = 1_000 / FILM.fps;
/** Less than the ledger's tolerance between two files (hub-server/src/recorder/domain/gap-rule.ts). */
const STALL_MS = 250;

export class StandIn implements AsyncDisposable {
  /** Moment at which a picture was sent to a client, by its number. */
  readonly sentAt = new Map<number, number>();
  /** Where no picture was drawn, for whatever client: a busy machine held this process up. What it sends next says so. */
  readonly stalls: Span[] = [];
  readonly #feed: ReturnType<typeof startFilmFeed>;
  #server!: RtspServer;
  #onvif: { readonly url: string; stop(): Promise<void> } | null = null;

  private constructor(feed: ReturnType<typeof startFilmFeed>, pictureMs: number) {
    this.#feed = feed;
    let due = Number.POSITIVE_INFINITY;
    feed.onUnit(() => {
      const now = Date.now();
      if (now - due > STALL_MS) this.stalls.push({ from: due, to: now });
      due = now + pictureMs;
    });
  }

  static async start(film: Film, options: { readonly onvif?: boolean } = {}): Promise<StandIn> {
    const camera = new StandIn(startFilmFeed(film, { stamped: true }), 1_000 / film.fps);
    await camera.switchOn(await freePort());
    if (options.onvif === true)
      camera.#onvif = await startOnvifServer({
        ...{ ...LOGIN, label: 'Quầy', streamUrl: () => camera.#server.url },
        ...{ width: FILM.width, height: FILM.height, fps: FILM.fps },
      });
    return camera;
  }

  /** What an administrator enters. */
  get address(): string {
    return this.#onvif?.url ?? this.#server.url;
  }

  get port(): number {
    return this.#server.port;
  }

  /** The numbers of key frames that come from now on. */
  onKey(listen: (number: number) => void): void {
    this.#feed.onUnit(({ key, number }) => {
      if (key && number !== undefined) listen(number);
    });
  }

  get rtsp(): RtspServer {
    return this.#server;
  }

  async switchOff(): Promise<number> {
    const { port } = this.#server;
    await this.#server.stop();
    return port;
  }

  /** Answers the moment from which it accepts connections. */
  async switchOn(port: number): Promise<number> {
    this.#server = await startRtspServer({
      ...{ ...LOGIN, feed: this.#feed, codec: 'h264', path: '/live', auth: 'digest', port },
      onSent: (_session, { number }) => {
        if (number !== undefined && !this.sentAt.has(number)) this.sentAt.set(number, Date.now());
      },
    });
    return Date.now();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop();
    await this.#onvif?.stop();
    await this.#feed.stop();
  }
}
