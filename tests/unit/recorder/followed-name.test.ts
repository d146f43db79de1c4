/*
 * A camera entered by its name whose address changes (another lease of DHCP): the name is resolved anew with each look-up, and the
 * office records it where it is now. The camera answers at every address of this machine; only the name's meaning is the test's.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import type { RecorderCamera } from '@hailong/shared/protocol/footage.ts';
import { expect, it } from 'vitest';
import { openCameraLogins } from '../../../hub-server/src/recorder/adapters/camera-logins.ts';
import { openDeviceCameras } from '../../../hub-server/src/recorder/adapters/device-cameras.ts';
import { inspectFile } from '../../../hub-server/src/recorder/adapters/inspect-file.ts';
import { FIND_AGAIN_MS } from '../../../hub-server/src/recorder/application/keep-camera.ts';
import type { RecorderFact } from '../../../hub-server/src/recorder/application/ports.ts';
import { RecordOffice } from '../../../hub-server/src/recorder/application/record-office.ts';
import { poll } from '../../support/poll.ts';
import { cameraA, openParts } from './parts.ts';

const SDP = 'v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n';

it('follows a name to its new address', async (context) => {
  if (findFfmpeg() === null) return context.skip('no ffmpeg here');
  await using parts = await openParts();
  const camera = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () =>
      socket.end(`RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`),
    );
  }).listen(0, '0.0.0.0');
  await once(camera, 'listening');
  const { port } = camera.address() as AddressInfo;
  let ip = '127.0.0.2';
  const found: string[] = [];
  let tell = (_: RecorderFact): void => undefined;
  const office = new RecordOffice({
    ...parts,
    inspect: inspectFile,
    limits: { budgetBytes: null, floorBytes: 0, holdReserveBytes: 0 },
    cameras: {
      ...openDeviceCameras({
        ...parts,
        newRun: parts.ids.uuid,
        fileAt: () => null,
        logins: openCameraLogins(() => undefined),
        resolve: async () => [ip],
      }),
      record: (_camera, uri, _folder, listen) => {
        found.push(uri);
        tell = listen;
        return { stop: async () => undefined };
      },
    },
  });
  try {
    await office.start();
    const entry: RecorderCamera = {
      ...{ id: cameraA, name: 'Quầy 1', address: `rtsp://camera.office.lan:${port}/live` },
      ...{ user: '', password: '', retentionDays: 30, latencyMs: 0, active: true },
    };
    office.setCameras({ type: 'cameras.set', cameras: [entry], allowCidrs: ['127.0.0.0/8'] });
    await poll(() => found.length > 0, { what: 'the stream' });
    const down: RecorderFact = {
      ...{ kind: 'state', state: 'down', code: 'camera.unreachable' },
      ...{ codec: null, width: null, height: null },
    };
    tell(down);
    ip = '127.0.0.3';
    await parts.time.pass(FIND_AGAIN_MS);
    await poll(() => found.length > 1, { what: 'the stream at its new address' });
    expect(found).toEqual([`rtsp://127.0.0.2:${port}/live`, `rtsp://127.0.0.3:${port}/live`]);
  } finally {
    await office.stop();
    camera.close();
  }
});
