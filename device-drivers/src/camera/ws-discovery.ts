/**
 * Purpose: WS-Discovery of ONVIF cameras (multicast probe, UDP 3702) on every network of this machine that cameras may be
 * in. Our own instead of node-onvif's: that one leaves its socket without an error handler, does not tell who answered,
 * and asks through one network only.
 * Refuses: an address on another machine than the one that answered or outside the camera networks; names instead of addresses;
 * document types, deep or large replies; more than a bounded number of either. Names are shortened and lose control characters.
 */
import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import type { AddressPolicy } from './address-policy.ts';
import { addressText } from './address-policy.ts';
import { CAMERA_LIMITS, type CameraAnswer, type FoundCamera, failure } from './camera.ts';
import { refuseSoap } from './soap-bounds.ts';

export const DISCOVERY_GROUP = '239.255.255.250';
export const DISCOVERY_PORT = 3702;
/** Answers come within a random time of up to half a second; some devices take longer. */
const WAIT_MS = 3_000;
/** UDP loses: asked three times. */
const ASK_AT_MS = [0, 150, 400];
/** Datagrams looked at, from all networks together: an answer is a few KB and comes up to three times. */
const REPLIES_MAX = 2_000;
/** Larger ones are not looked at. */
const REPLY_BYTES_MAX = 16_384;
/** Addresses read out of one reply: a device announces one a network it is in. */
const ADDRESSES_MAX = 8;
const NAME_MAX = 80;

const probe = () =>
  '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" ' +
  'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" ' +
  'xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header><a:Action s:mustUnderstand="1">' +
  'http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>' +
  `<a:MessageID>uuid:${randomUUID()}</a:MessageID><a:ReplyTo><a:Address>` +
  'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>' +
  '<a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header><s:Body><d:Probe>' +
  '<d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></s:Body></s:Envelope>';

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (xml: string) =>
  xml.replace(/&(amp|lt|gt|quot|apos);/g, (_all, name: string) => entities[name] ?? '');
const elements = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<(?:[\\w.-]+:)?${name}(?:\\s[^<>]*)?>([^<]*)<`, 'g'))].map((match) =>
    plain(match[1] as string),
  );

/** What one reply announces; empty when it is no answer to us. Pure. */
export function readProbeMatch(xml: string): {
  readonly addresses: readonly string[];
  readonly name: string;
} {
  const nothing = { addresses: [], name: '' };
  if (refuseSoap(xml) !== null || !/<(?:[\w.-]+:)?ProbeMatch[\s>]/.test(xml)) return nothing;
  const words = (name: string) => elements(xml, name).flatMap((text) => text.split(/\s+/).filter(Boolean));
  const scope = (kind: string): string => {
    const prefix = `onvif://www.onvif.org/${kind}/`;
    const found = words('Scopes').find((each) => each.startsWith(prefix));
    return found === undefined ? '' : readName(found.slice(prefix.length));
  };
  return {
    addresses: words('XAddrs').slice(0, ADDRESSES_MAX),
    name: [...new Set([scope('name'), scope('hardware')])].filter(Boolean).join(' · ').slice(0, NAME_MAX),
  };
}

/** Whether it is a web address of that machine, by its number: a name that a stranger announces is not even looked up. */
function isOf(address: string, ip: string): boolean {
  try {
    const { protocol, hostname } = new URL(address);
    return /^https?:$/.test(protocol) && hostname === ip;
  } catch {
    return false;
  }
}

function readName(coded: string): string {
  let text = coded.slice(0, 3 * NAME_MAX);
  try {
    text = decodeURIComponent(text);
  } catch {
    // Not coded as an address: shown as it came.
  }
  return text
    .replace(/[\p{C}]+/gu, ' ')
    .replaceAll('_', ' ')
    .trim()
    .slice(0, NAME_MAX);
}

/** This machine's IPv4 addresses inside the camera networks. */
async function ownAddresses(policy: AddressPolicy): Promise<string[]> {
  const own: string[] = [];
  for (const { family, address } of Object.values(networkInterfaces()).flatMap((all) => all ?? []))
    if (family === 'IPv4' && (await policy.admit(`http://${address}/`)).ok) own.push(address);
  return own;
}

export async function discoverCameras(policy: AddressPolicy): Promise<CameraAnswer<readonly FoundCamera[]>> {
  const own = await ownAddresses(policy);
  const found = new Map<string, string>();
  let replies = 0;
  const reading: Promise<void>[] = [];
  const read = async (xml: string, from: string): Promise<void> => {
    const { addresses, name } = readProbeMatch(xml);
    for (const address of addresses.filter((each) => isOf(each, from))) {
      const admitted = await policy.admit(address);
      if (!admitted.ok || admitted.value.ip !== from) continue;
      if (found.size < CAMERA_LIMITS.found) found.set(addressText(admitted.value), name);
    }
  };
  const sockets: Socket[] = [];
  const open = async (address: string): Promise<boolean> => {
    const socket = createSocket('udp4');
    sockets.push(socket);
    socket.on('message', (bytes, { address: from }) => {
      replies += 1;
      if (replies <= REPLIES_MAX && bytes.length <= REPLY_BYTES_MAX)
        reading.push(read(bytes.toString('utf8'), from));
    });
    return new Promise((done) => {
      socket.on('error', () => done(false));
      socket.bind(0, address, () => {
        try {
          socket.setMulticastInterface(address);
          for (const at of ASK_AT_MS)
            setTimeout(
              () =>
                send(
                  socket,
                  () => done(false),
                  () => done(true),
                ),
              at,
            ).unref();
        } catch {
          done(false);
        }
      });
    });
  };
  try {
    const asked = await Promise.all(own.map(open));
    if (!asked.includes(true)) return failure('camera.unreachable', 'no network to ask in');
    await new Promise((done) => setTimeout(done, WAIT_MS));
    await Promise.all(reading);
    return { ok: true, value: [...found].map(([address, name]) => ({ address, name })) };
  } finally {
    for (const socket of sockets) socket.close();
  }
}

function send(socket: Socket, failed: () => void, sent: () => void): void {
  try {
    socket.send(probe(), DISCOVERY_PORT, DISCOVERY_GROUP, (error) => (error ? failed() : sent()));
  } catch {
    failed();
  }
}
