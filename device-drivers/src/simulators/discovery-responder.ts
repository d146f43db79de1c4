/**
 * Purpose: announces a simulated camera: answers WS-Discovery probes (UDP 3702, multicast) with its device address.
 * Can lie on request: an address on another machine, markup and control characters in its name, a document type.
 * Needs a network that carries multicast; on loopback that is `ip link set lo multicast on`, best in a network of its own.
 */
import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { DISCOVERY_GROUP, DISCOVERY_PORT } from '../camera/ws-discovery.ts';

export interface DiscoveryResponder {
  /** Probes heard. */
  asked(): number;
  stop(): Promise<void>;
}

export interface Announced {
  /** Device service addresses, space between them when several. */
  readonly xaddrs: string;
  /** As makers code it: `Ten_may`. */
  readonly name: string;
  /** Put before the envelope. */
  readonly prologue?: string;
}

function probeMatch(messageId: string, { xaddrs, name, prologue = '' }: Announced): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>${prologue}<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" ` +
    'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery">' +
    `<s:Header><a:RelatesTo>${messageId}</a:RelatesTo></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch>` +
    `<a:EndpointReference><a:Address>urn:uuid:${randomUUID()}</a:Address></a:EndpointReference>` +
    '<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/type/video_encoder ' +
    `onvif://www.onvif.org/name/${name}</d:Scopes><d:XAddrs>${xaddrs}</d:XAddrs>` +
    '<d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>'
  );
}

/** Answers each probe with every announcement, from `address`. */
export async function startDiscoveryResponder(
  address: string,
  announced: readonly Announced[],
): Promise<DiscoveryResponder> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  let asked = 0;
  socket.on('message', (bytes, from) => {
    const message = /<(?:\w+:)?MessageID>([^<]*)</.exec(bytes.toString('utf8'));
    if (message === null) return;
    asked += 1;
    for (const each of announced)
      socket.send(probeMatch(message[1] as string, each), from.port, from.address);
  });
  await new Promise<void>((done, fail) => {
    socket.once('error', fail);
    socket.bind(DISCOVERY_PORT, () => {
      socket.addMembership(DISCOVERY_GROUP, address);
      done();
    });
  });
  return { asked: () => asked, stop: () => new Promise((done) => socket.close(() => done())) };
}
