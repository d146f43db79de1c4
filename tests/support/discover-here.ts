/** Run in a network of its own: a camera and some liars announce themselves, and what discovery makes of it is printed. */
import { createAddressPolicy } from '@hailong/device-drivers/camera/address-policy.ts';
import { discoverCameras } from '@hailong/device-drivers/camera/ws-discovery.ts';
import { startDiscoveryResponder } from '@hailong/device-drivers/simulators/discovery-responder.ts';

const at = (host: string) => `http://${host}/onvif/device_service`;
const responder = await startDiscoveryResponder('127.0.0.1', [
  // Two networks, of which one is the asker's.
  { xaddrs: `${at('169.254.7.7')} ${at('127.0.0.1:8081')}`, name: 'Qu%E1%BA%A7y_5_%3Cb%3EA%3C/b%3E' },
  { xaddrs: at('10.0.0.9'), name: 'elsewhere' },
  // It would lead to the one that answers.
  { xaddrs: at('camera.test'), name: 'named' },
  { xaddrs: at('203.0.113.9'), name: 'outside' },
  { xaddrs: 'file:///etc/passwd rtsp://127.0.0.1/ javascript:1', name: '__proto__' },
  { xaddrs: at('127.0.0.1:8082'), name: 'bomb', prologue: '<!DOCTYPE a [<!ENTITY b "cc">]>' },
]);
const lookedUp: string[] = [];
const policy = createAddressPolicy([], async (host) => {
  lookedUp.push(host);
  return ['127.0.0.1'];
});
const answer = await discoverCameras(policy);
process.stdout.write(JSON.stringify({ answer, asked: responder.asked(), lookedUp }));
await responder.stop();
