/**
 * Purpose: the camera port for any configured address: `http(s)` speaks ONVIF, `rtsp(s)` is a bare stream. Of the two
 * ONVIF adapters node-onvif is asked first; where its answer is unusable, the other one is, unless the camera's entry names one.
 * Refuses: a second try where the first failed for a reason that it would share: a wrong password locks accounts.
 */
import type { AddressPolicy } from './address-policy.ts';
import type { CameraAnswer, CameraPort, CameraTarget } from './camera.ts';
import { createOnvifCamera } from './onvif-camera.ts';
import { createOnvifMedia2Camera } from './onvif-media2-camera.ts';
import { createRtspAddress } from './rtsp-address.ts';
import { discoverCameras } from './ws-discovery.ts';

export function openCameras(policy: AddressPolicy): CameraPort {
  const first = createOnvifCamera(policy);
  const second = createOnvifMedia2Camera(policy);
  const rtsp = createRtspAddress(policy);
  type Asked = Pick<CameraPort, 'probe' | 'deviceTime'>;

  async function ask<T>(
    target: CameraTarget,
    question: (port: Asked) => Promise<CameraAnswer<T>>,
  ): Promise<CameraAnswer<T>> {
    if (!/^https?:/i.test(target.address)) return question(rtsp);
    if (target.via === 'onvif') return question(second);
    const answer = await question(first);
    if (answer.ok || answer.code !== 'camera.bad_reply' || target.via === 'node-onvif') return answer;
    const other = await question(second);
    return other.ok ? other : answer;
  }

  return {
    discover: () => discoverCameras(policy),
    probe: (target) => ask(target, (port) => port.probe(target)),
    deviceTime: (target) => ask(target, (port) => port.deviceTime(target)),
  };
}
