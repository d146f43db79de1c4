/**
 * Purpose: a camera known only by its RTSP address, behind the same port: no device information, no clock, one profile.
 */
import { type AddressPolicy, addressText } from './address-policy.ts';
import { type CameraPort, failure } from './camera.ts';
import { describeStream } from './rtsp-describe.ts';

export function createRtspAddress(policy: AddressPolicy): Omit<CameraPort, 'discover'> {
  return {
    async probe(target) {
      const admitted = await policy.admit(target.address);
      if (!admitted.ok) return admitted;
      if (admitted.value.scheme !== 'rtsp' && admitted.value.scheme !== 'rtsps')
        return failure('camera.address_refused', 'not an RTSP address');
      const offered = await describeStream(admitted.value, target);
      if (!offered.ok) return offered;
      const streamUri = addressText(admitted.value);
      const profile = {
        token: 'rtsp',
        name: 'rtsp',
        width: null,
        height: null,
        fps: null,
        snapshotUri: null,
      };
      return {
        ok: true,
        value: {
          manufacturer: null,
          model: null,
          firmware: null,
          serial: null,
          profiles: [{ ...profile, streamUri }],
          streamUri,
          snapshotUri: null,
          clockOffsetMs: null,
          hostReplaced: false,
          via: 'rtsp',
        },
      };
    },
    deviceTime: async () => ({ ok: true, value: null }),
  };
}
