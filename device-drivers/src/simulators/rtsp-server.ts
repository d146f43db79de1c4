/**
 * Purpose: a small RTSP 1.0 server (RFC 2326), RTP interleaved in TCP: what a camera's stream looks like from outside.
 * Fed by camera-feed.ts; one picture for all clients, each joins at the next key frame. Can misbehave on request.
 * Refuses: UDP transport (461), anything off loopback unless told a host. Not a product server: simulators only.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import type { AccessUnit, SimulatedCodec } from './camera-annexb.ts';
import type { Feed } from './camera-feed.ts';
import { RTP_CLOCK_HZ, type RtpState, rtpPackets, senderReport } from './camera-rtp.ts';
import { type AuthScheme, createAuth } from './rtsp-auth.ts';
import { createRtspReader, type RtspRequest, rtspResponse } from './rtsp-messages.ts';

export interface RtspServerOptions {
  readonly feed: Feed;
  readonly codec: SimulatedCodec;
  readonly port?: number;
  readonly path: string;
  readonly auth: AuthScheme;
  readonly user: string;
  readonly password: string;
  /** A picture was handed to a client's connection; `session` tells connections apart. */
  readonly onSent?: (session: string, unit: AccessUnit) => void;
}

/** What the stream does wrong; changed while it runs. */
export interface RtspFaults {
  /** Connections stay open, no picture comes. */
  freeze: boolean;
  /** Requests are read and never answered. */
  hang: boolean;
  /** Every login is refused. */
  refuseLogin: boolean;
  /** `redirectAt` answers 302 to this address. */
  redirectTo: string | null;
  redirectAt: 'OPTIONS' | 'DESCRIBE' | 'SETUP' | 'PLAY';
  /** Only ffmpeg is sent away: who looks first sees an honest camera. */
  redirectPlayersOnly: boolean;
  /** The SDP offers MJPEG. */
  wrongCodec: boolean;
  /** New connections are cut at once, as from a machine that restarts. */
  down: boolean;
  /** Whoever plays is sent the next picture, not the next key frame first. */
  startsAnywhere: boolean;
  /** Sound is offered, and refused to whoever wants it. */
  refusesSound: boolean;
  /** Every picture bears the same RTP timestamp. */
  clockStands: boolean;
}

export interface RtspServer {
  readonly port: number;
  readonly url: string;
  readonly faults: RtspFaults;
  /** Cuts every connection. */
  killConnections(): void;
  /** RTP timestamps start anew in the middle of the stream, as after a camera's internal restart. */
  resetClock(): void;
  /** RTP timestamps leap by so much, as after a restart that drew a new random start. `atKey`: with the next key frame, as after an encoder's own. */
  jumpClock(ms: number, atKey?: boolean): void;
  /** Clients that are playing. */
  playing(): number;
  stop(): Promise<void>;
}

interface Client {
  readonly socket: Socket;
  readonly session: string;
  readonly auth: ReturnType<typeof createAuth>;
  readonly rtp: RtpState;
  playing: boolean;
  started: boolean;
  channel: number;
}

/** A client that reads too slowly is cut: 8 MB are half a minute of the picture. */
const BACKLOG_BYTES_MAX = 8_388_608;
const REPORT_EVERY_MS = 5_000;

export async function startRtspServer(options: RtspServerOptions): Promise<RtspServer> {
  const faults: RtspFaults = {
    freeze: false,
    hang: false,
    refuseLogin: false,
    redirectTo: null,
    redirectAt: 'DESCRIBE',
    redirectPlayersOnly: false,
    wrongCodec: false,
    down: false,
    startsAnywhere: false,
    refusesSound: false,
    clockStands: false,
  };
  const clients = new Set<Client>();
  let zeroMs = performance.now();
  let lastTimestamp = 0;
  /** Waits for a key frame. */
  let leapMs = 0;

  const timestampNow = () => {
    if (faults.clockStands) return lastTimestamp;
    const ticks = Math.round(((performance.now() - zeroMs) * RTP_CLOCK_HZ) / 1000);
    lastTimestamp = Math.max(ticks, lastTimestamp + 90);
    return lastTimestamp;
  };
  const send = (client: Client, channel: number, packet: Buffer) => {
    const head = Buffer.from([0x24, channel, packet.length >> 8, packet.length & 0xff]);
    client.socket.write(Buffer.concat([head, packet]));
  };
  const forget = options.feed.onUnit((unit: AccessUnit) => {
    if (unit.key) {
      zeroMs -= leapMs;
      leapMs = 0;
    }
    const timestamp = timestampNow();
    if (faults.freeze) return;
    for (const client of clients) {
      if (!client.playing || (!client.started && !unit.key && !faults.startsAnywhere)) continue;
      client.started = true;
      // One call for all packets of a picture.
      client.socket.cork();
      for (const packet of rtpPackets(options.codec, unit.nals, timestamp, client.rtp))
        send(client, client.channel, packet);
      client.socket.uncork();
      options.onSent?.(client.session, unit);
      if (client.socket.writableLength > BACKLOG_BYTES_MAX) client.socket.destroy();
    }
  });
  const reports = setInterval(() => {
    if (faults.freeze) return;
    const wallMs = Date.now();
    const timestamp = Math.round(((performance.now() - zeroMs) * RTP_CLOCK_HZ) / 1000);
    for (const client of clients)
      if (client.playing) send(client, client.channel + 1, senderReport(client.rtp, wallMs, timestamp));
  }, REPORT_EVERY_MS);

  const answer = (client: Client, request: RtspRequest): string => {
    const cseq = request.headers['cseq'] ?? '0';
    const session = { Session: `${client.session};timeout=60` };
    const sentAway = !faults.redirectPlayersOnly || /^Lavf/.test(request.headers['user-agent'] ?? '');
    if (faults.redirectTo !== null && request.method === faults.redirectAt && sentAway)
      return rtspResponse(302, cseq, { Location: faults.redirectTo });
    if (request.method === 'OPTIONS')
      return rtspResponse(200, cseq, { Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER' });
    if (faults.refuseLogin || !client.auth.accepts(request.method, request.headers['authorization']))
      return rtspResponse(401, cseq, { 'WWW-Authenticate': client.auth.challenge() });
    switch (request.method) {
      case 'DESCRIBE':
        if (!pathOf(request.uri).startsWith(options.path)) return rtspResponse(404, cseq);
        return rtspResponse(
          200,
          cseq,
          { 'Content-Type': 'application/sdp', 'Content-Base': `${request.uri}/` },
          sdp(options.codec, options.feed.parameterSets(), faults.wrongCodec) +
            (faults.refusesSound ? SOUND : ''),
        );
      case 'SETUP': {
        if (request.uri.endsWith(SOUND_TRACK)) return rtspResponse(461, cseq);
        const transport = request.headers['transport'] ?? '';
        const channel = Number(/interleaved=(\d{1,3})-/.exec(transport)?.[1] ?? 0);
        if (!/RTP\/AVP\/TCP/i.test(transport) || channel > 254) return rtspResponse(461, cseq);
        client.channel = channel;
        const granted = `RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`;
        return rtspResponse(200, cseq, { ...session, Transport: granted });
      }
      case 'PLAY':
        if (client.channel < 0) return rtspResponse(455, cseq);
        client.playing = true;
        return rtspResponse(200, cseq, { ...session, Range: 'npt=now-' });
      case 'GET_PARAMETER':
        return rtspResponse(200, cseq, session);
      case 'TEARDOWN':
        client.playing = false;
        return rtspResponse(200, cseq, session);
      default:
        return rtspResponse(501, cseq);
    }
  };

  const server = createServer((socket) => {
    if (faults.down) return socket.destroy();
    const client: Client = {
      socket,
      session: randomBytes(8).toString('hex'),
      auth: createAuth(options.auth, options.user, options.password),
      rtp: {
        sequence: randomBytes(2).readUInt16BE(),
        ssrc: randomBytes(4).readUInt32BE(),
        packets: 0,
        bytes: 0,
      },
      playing: false,
      started: false,
      channel: -1,
    };
    clients.add(client);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => clients.delete(client));
    const read = createRtspReader(
      (request) => {
        if (faults.hang || socket.destroyed) return;
        socket.write(answer(client, request));
        if (request.method === 'TEARDOWN') socket.end();
      },
      () => socket.destroy(),
    );
    socket.on('data', read);
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port ?? 0, '127.0.0.1', done);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const killConnections = () => {
    for (const client of clients) client.socket.destroy();
  };
  return {
    port,
    url: `rtsp://127.0.0.1:${port}${options.path}`,
    faults,
    killConnections,
    resetClock() {
      zeroMs = performance.now();
      lastTimestamp = 0;
    },
    jumpClock(ms, atKey = false) {
      if (atKey) leapMs += ms;
      else zeroMs -= ms;
    },
    playing: () => [...clients].filter((client) => client.playing).length,
    stop: () =>
      new Promise((done) => {
        clearInterval(reports);
        forget();
        server.close(() => done());
        killConnections();
      }),
  };
}

function pathOf(uri: string): string {
  return /^rtsps?:\/\/[^/]+(\/[^?#]*)?/i.exec(uri)?.[1] ?? '/';
}

const SOUND_TRACK = 'track2';
const SOUND = ['m=audio 0 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', `a=control:${SOUND_TRACK}`, ''].join('\r\n');

function sdp(codec: SimulatedCodec, sets: readonly Buffer[], wrongCodec: boolean): string {
  const head = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=hailong simulated camera', 'c=IN IP4 0.0.0.0', 't=0 0'];
  const base64 = sets.map((set) => set.toString('base64'));
  const [first, second, third] = base64;
  const media = wrongCodec
    ? ['m=video 0 RTP/AVP 26']
    : codec === 'h264'
      ? [
          'm=video 0 RTP/AVP 96',
          'a=rtpmap:96 H264/90000',
          `a=fmtp:96 packetization-mode=1${second ? `;sprop-parameter-sets=${first},${second}` : ''}`,
        ]
      : [
          'm=video 0 RTP/AVP 96',
          'a=rtpmap:96 H265/90000',
          ...(third ? [`a=fmtp:96 sprop-vps=${first};sprop-sps=${second};sprop-pps=${third}`] : []),
        ];
  return `${[...head, ...media, 'a=control:track1', 'a=recvonly'].join('\r\n')}\r\n`;
}
