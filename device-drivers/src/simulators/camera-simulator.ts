/**
 * Purpose: a whole simulated camera: an ONVIF device and an RTSP stream with a burnt-in clock, on loopback, one login.
 * `const camera = await startCameraSimulator({ user, password, label })`, then give `camera.onvifUrl` to the product.
 * Needs ffmpeg (throws Error('ffmpeg.missing') without); is ready after about 2 s, when its picture flows. Costs about 2 % of one core at the default size.
 */

import { DEFAULT_FEED, type FeedOptions, startFeed } from './camera-feed.ts';
import type { OnvifFaults } from './onvif-server.ts';
import { startOnvifServer } from './onvif-server.ts';
import type { AuthScheme } from './rtsp-auth.ts';
import { type RtspFaults, startRtspServer } from './rtsp-server.ts';

export interface CameraSimulatorOptions extends Partial<FeedOptions> {
  /** RTSP port; a free one unless told. */
  readonly port?: number;
  /** ONVIF port; a free one unless told. */
  readonly onvifPort?: number;
  readonly user: string;
  readonly password: string;
  readonly auth?: AuthScheme;
}

export interface CameraMisbehaviour {
  /** Standing faults of the stream; set and clear at will. */
  readonly rtsp: RtspFaults;
  /** Standing faults of the ONVIF device. */
  readonly onvif: OnvifFaults;
  killConnections(): void;
  resetClock(): void;
}

export interface CameraSimulator {
  readonly onvifUrl: string;
  readonly rtspUrl: string;
  /** False where the machine has no font: then the picture carries no clock. */
  readonly clockDrawn: boolean;
  readonly misbehave: CameraMisbehaviour;
  /** Clients that are playing the stream. */
  playing(): number;
  stop(): Promise<void>;
}

const STREAM_PATH = '/stream1';

export async function startCameraSimulator(options: CameraSimulatorOptions): Promise<CameraSimulator> {
  const { port, onvifPort, user, password, auth = 'digest', ...picture } = options;
  const feedOptions: FeedOptions = { ...DEFAULT_FEED, ...picture };
  const feed = startFeed(feedOptions);
  const opened: { stop(): Promise<void> }[] = [feed];
  const stop = async () => {
    for (const one of opened.splice(0).reverse()) await one.stop();
  };
  try {
    await feed.ready;
    const rtsp = await startRtspServer({
      feed,
      codec: feedOptions.codec,
      path: STREAM_PATH,
      auth,
      user,
      password,
      ...(port === undefined ? {} : { port }),
    });
    opened.push(rtsp);
    const onvif = await startOnvifServer({
      user,
      password,
      label: feedOptions.label,
      streamUrl: () => rtsp.url,
      width: feedOptions.width,
      height: feedOptions.height,
      fps: feedOptions.fps,
      ...(onvifPort === undefined ? {} : { port: onvifPort }),
    });
    opened.push(onvif);
    return {
      onvifUrl: onvif.url,
      rtspUrl: rtsp.url,
      clockDrawn: feed.clockDrawn,
      misbehave: {
        rtsp: rtsp.faults,
        onvif: onvif.faults,
        killConnections: rtsp.killConnections,
        resetClock: rtsp.resetClock,
      },
      playing: rtsp.playing,
      stop,
    };
  } catch (error) {
    // A taken port, or an ffmpeg that could not draw: leave nothing running.
    await stop();
    throw error;
  }
}
