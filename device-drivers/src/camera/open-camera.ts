/** Purpose: the camera port for any configured address: `http(s)` speaks ONVIF, `rtsp(s)` is a bare stream. */
import type { AddressPolicy } from './address-policy.ts';
import type { CameraPort, CameraTarget } from './camera.ts';
import { createOnvifCamera } from './onvif-camera.ts';
import { createRtspAddress } from './rtsp-address.ts';

export function openCameras(policy: AddressPolicy): CameraPort {
  const onvif = createOnvifCamera(policy);
  const rtsp = createRtspAddress(policy);
  const portFor = (target: CameraTarget) => (/^https?:/i.test(target.address) ? onvif : rtsp);
  return {
    discover: onvif.discover,
    probe: (target) => portFor(target).probe(target),
    deviceTime: (target) => portFor(target).deviceTime(target),
  };
}
