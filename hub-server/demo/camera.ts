/**
 * The demo's camera: simulated ONVIF device and RTSP stream, registered at the hub by the hub's own command. Its ONVIF
 * port is remembered in the data folder, so that the address the hub stored is right again at the next start.
 */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CameraSimulator,
  startCameraSimulator,
} from '@hailong/device-drivers/simulators/camera-simulator.ts';
import type { ProgramLine } from './program.ts';
import { say } from './say.ts';

const USER = 'demo';
const NAME = 'Camera 5A – mặt quầy';

interface Remembered {
  readonly onvifPort: number;
  readonly password: string;
  readonly address: string;
}

export async function openCamera(parts: {
  readonly data: string;
  /** 0 = the remembered one, or any. */
  readonly onvifPort: number;
  readonly rtspPort: number;
  readonly counter: string;
  readonly opened: (() => Promise<unknown>)[];
  /** Runs `hailong-hub camera …`. */
  readonly register: (args: readonly string[]) => Promise<readonly ProgramLine[]>;
}): Promise<CameraSimulator | null> {
  const file = join(parts.data, 'camera.json');
  const old = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Remembered,
    () => null,
  );
  const password = old?.password ?? randomBytes(9).toString('base64url');
  const onvifPort = parts.onvifPort || old?.onvifPort;
  let camera: CameraSimulator;
  try {
    camera = await startCameraSimulator({
      user: USER,
      password,
      label: 'CAMERA 5A',
      auth: 'digest',
      ...(onvifPort ? { onvifPort } : {}),
      ...(parts.rtspPort ? { port: parts.rtspPort } : {}),
    });
  } catch (error) {
    if (error instanceof Error && error.message.includes('ffmpeg.missing')) return null;
    throw error;
  }
  parts.opened.push(() => camera.stop());
  if (old?.address !== camera.onvifUrl) {
    say('Thêm camera mô phỏng …', 'Adding the simulated camera …');
    await parts.register([
      'add',
      '--address',
      camera.onvifUrl,
      '--user',
      USER,
      '--password',
      password,
      '--counter',
      parts.counter,
      '--name',
      NAME,
    ]);
    const now: Remembered = {
      onvifPort: Number(new URL(camera.onvifUrl).port),
      password,
      address: camera.onvifUrl,
    };
    await writeFile(file, `${JSON.stringify(now)}\n`, { mode: 0o600 });
  }
  return camera;
}
