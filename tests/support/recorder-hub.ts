/*
 * Purpose: the hub's end of the recorder link for tests of the recorder alone: a WebSocket server that speaks
 * shared/src/protocol/footage.ts, acknowledges facts when told to, and remembers what it heard.
 */
import {
  type CameraState,
  type FootageFact,
  type HubToRecorder,
  type ProbeResult,
  RECORDER_PATH,
  type RecorderCamera,
  type RecorderToHub,
  type ReportedCamera,
  recorderToHub,
  type SpaceLimits,
} from '@hailong/shared/protocol/footage.ts';
import { UTC_MS_MAX, type UtcMs } from '@hailong/shared/time.ts';
import { type WebSocket, WebSocketServer } from 'ws';
import { poll } from './poll.ts';

export type FactOf<K extends FootageFact['kind']> = Extract<FootageFact, { kind: K }>;

/** `known`: cursors this hub has already acknowledged, by recorder. */
export async function openRecorderHub(token: string, known = new Map<string, number>()) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: RECORDER_PATH });
  await new Promise((done) => server.once('listening', done));
  const facts = new Map<number, FootageFact>();
  const told: number[] = [];
  const states: CameraState[] = [];
  const logins: Extract<RecorderToHub, { type: 'camera.login' }>[] = [];
  const answers = new Map<number, ProbeResult>();
  let cameras: readonly RecorderCamera[] = [];
  let holds: Extract<HubToRecorder, { type: 'holds.set' }>['holds'] = [];
  /** No counter has a kiosk. */
  let reported: readonly ReportedCamera[] = [];
  let socket: WebSocket | null = null;
  let root = '';
  let recorder = '';
  let limits: SpaceLimits | null = null;
  let acknowledged = 0;
  let holding = false;
  let requests = 0;

  const send = (message: HubToRecorder) => socket?.send(JSON.stringify(message));
  const setCameras = () => send({ type: 'cameras.set', cameras: [...cameras], allowCidrs: ['127.0.0.0/8'] });

  server.on('connection', (connected) => {
    connected.on('message', (data) => {
      const message = recorderToHub.parse(JSON.parse(String(data)));
      switch (message.type) {
        case 'hello':
          if (message.token !== token) throw new Error('wrong token');
          socket = connected;
          root = message.footageRoot;
          recorder = message.recorder;
          limits = message.limits ?? null;
          acknowledged = known.get(recorder) ?? 0;
          send({ type: 'welcome', acknowledged, recorder });
          send({ type: 'holds.set', holds });
          send({ type: 'reported.set', at: UTC_MS_MAX as UtcMs, cameras: [...reported] });
          setCameras();
          return;
        case 'facts':
          for (const { cursor, fact } of message.facts) {
            told.push(cursor);
            facts.set(cursor, fact);
          }
          if (holding) return;
          acknowledged = Math.max(acknowledged, ...message.facts.map(({ cursor }) => cursor));
          known.set(recorder, acknowledged);
          send({ type: 'acknowledged', cursor: acknowledged });
          return;
        case 'camera.state':
          states.push(message.state);
          return;
        case 'camera.login':
          logins.push(message);
          return;
        case 'held.ask':
          send({ type: 'held', request: message.request, rows: [] });
          return;
        case 'probed':
          answers.set(message.request, message.result);
      }
    });
  });

  const hub = {
    url: `ws://127.0.0.1:${(server.address() as { port: number }).port}`,
    states,
    logins,
    told,
    root: () => root,
    recorder: () => recorder,
    limits: () => limits,
    acknowledged: () => acknowledged,
    /** From now on nothing is acknowledged, as by a hub whose disk is stuck. */
    hold: (on: boolean) => {
      holding = on;
    },
    set(next: readonly RecorderCamera[]) {
      cameras = next;
      setCameras();
    },
    setHolds(next: typeof holds) {
      holds = next;
      send({ type: 'holds.set', holds });
    },
    setReported(next: typeof reported) {
      reported = next;
      send({ type: 'reported.set', at: UTC_MS_MAX as UtcMs, cameras: [...reported] });
    },
    drop: () => socket?.terminate(),
    /** As before the first hello. */
    forget: () => {
      root = '';
    },
    /** In the order of their cursors. */
    all: <K extends FootageFact['kind']>(kind: K): FactOf<K>[] =>
      [...facts]
        .sort(([a], [b]) => a - b)
        .map(([, fact]) => fact)
        .filter((fact): fact is FactOf<K> => fact.kind === kind),
    cursors: () => [...facts.keys()].sort((a, b) => a - b),
    segments: () => hub.all('segment.closed').map(({ segment }) => segment),
    /** The latest word on each gap. */
    gaps: () => [...new Map(hub.all('gap.recorded').map(({ gap }) => [gap.id, gap])).values()],
    /** Wall time of media time 0 of a run, by its newest mapping. */
    offset: (run: string) =>
      hub
        .all('run.mapped')
        .filter(({ mapping }) => mapping.run === run)
        .at(-1)?.mapping.offsetMs ?? Number.NaN,
    probe(request: { address: string; user: string; password: string }): Promise<ProbeResult> {
      requests += 1;
      const id = requests;
      send({ type: 'probe', request: id, ...request });
      return poll(() => answers.get(id), { what: 'the answer to a probe', timeoutMs: 40_000 });
    },
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate();
      await new Promise((done) => server.close(done));
    },
  };
  return hub;
}
export type RecorderHub = Awaited<ReturnType<typeof openRecorderHub>>;
