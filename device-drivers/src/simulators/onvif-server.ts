/**
 * Purpose: a small fake ONVIF device (Device and Media1 services) in front of the simulated stream, as the probe needs:
 * date, capabilities, information, profiles, stream and snapshot addresses; WS-UsernameToken digest checked.
 * It is ours and labelled as such; it proves our client against ONVIF's forms, not against a maker's firmware.
 * Can lie on request: another host, a huge or endless reply, a DTD, endless nesting, a redirect, silence, names that JavaScript minds.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  capabilitiesReply,
  dateReply,
  envelope,
  escapeXml,
  fault,
  informationReply,
  media1Profiles,
  media2Profiles,
  servicesReply,
  uriReply,
} from './onvif-replies.ts';

export type OnvifLie =
  | 'none'
  | 'other-host'
  | 'huge'
  | 'hang'
  | 'dtd'
  | 'deep'
  | 'garbage'
  | 'redirect'
  | 'ftp'
  | 'many'
  | 'endless'
  | 'proto';

export interface OnvifServerOptions {
  readonly port?: number;
  readonly user: string;
  readonly password: string;
  readonly label: string;
  readonly streamUrl: () => string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Checked in place of WS-UsernameToken when true, as makers do who follow ONVIF's later versions. */
  readonly httpDigest?: boolean;
}

export interface OnvifFaults {
  lie: OnvifLie;
  /** The host that `other-host` names in every address. */
  otherHost: string;
  /** Offers Media2 alone, as cameras of H.265 do. */
  media2Only: boolean;
  /** The device's clock minus real time, ms. */
  clockOffsetMs: number;
}

export interface OnvifServer {
  readonly url: string;
  readonly faults: OnvifFaults;
  stop(): Promise<void>;
}

const BODY_BYTES_MAX = 65_536;
const NOT_AUTHORISED = envelope(fault('NotAuthorized', 'Sender not Authorized'));
const NONCE = 'c2ltdWxhdGVk';

function tokenIsRight(xml: string, user: string, password: string): boolean {
  const field = (name: string) => new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(xml)?.[1] ?? '';
  const digest = createHash('sha1')
    .update(Buffer.concat([Buffer.from(field('Nonce'), 'base64'), Buffer.from(field('Created') + password)]))
    .digest('base64');
  return field('Username') === escapeXml(user) && field('Password') === digest;
}

/** RFC 7616 with qop=auth and MD5, as challenged above. */
function digestIsRight(header: string, { user, password }: { user: string; password: string }): boolean {
  const field = (name: string) => new RegExp(`${name}="?([^",]*)"?`).exec(header)?.[1] ?? '';
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const [ha1, ha2] = [md5(`${user}:sim:${password}`), md5(`POST:${field('uri')}`)];
  const wanted = md5(`${ha1}:${NONCE}:${field('nc')}:${field('cnonce')}:auth:${ha2}`);
  const named = Buffer.from(field('username'), 'latin1').toString('utf8');
  return field('response') === wanted && named === user;
}

export async function startOnvifServer(options: OnvifServerOptions): Promise<OnvifServer> {
  const faults: OnvifFaults = { lie: 'none', otherHost: '203.0.113.9', media2Only: false, clockOffsetMs: 0 };
  let base = '';

  const reply = (xml: string): string => {
    const lying = (uri: string) =>
      faults.lie === 'other-host'
        ? uri.replace(/127\.0\.0\.1/g, faults.otherHost)
        : faults.lie === 'ftp'
          ? uri.replace(/^\w+:/, 'ftp:')
          : uri;
    const device = lying(`${base}/onvif/device_service`);
    const media2 = xml.includes('ver20/media');
    if (faults.media2Only && xml.includes('ver10/media'))
      return fault('ActionNotSupported', 'no such service');
    if (xml.includes('GetSystemDateAndTime')) return dateReply(faults.clockOffsetMs);
    if (!options.httpDigest && !tokenIsRight(xml, options.user, options.password)) return NOT_AUTHORISED;
    if (xml.includes('GetCapabilities'))
      return capabilitiesReply(device, faults.media2Only ? null : lying(`${base}/onvif/media_service`));
    if (xml.includes('GetServices') && faults.media2Only)
      return servicesReply(device, lying(`${base}/onvif/media2_service`));
    if (xml.includes('GetDeviceInformation')) return informationReply(options);
    if (xml.includes('GetProfiles'))
      return media2 ? media2Profiles(options) : media1Profiles(options, faults.lie === 'many' ? 100 : 1);
    if (xml.includes('GetStreamUri')) return uriReply('GetStreamUri', lying(options.streamUrl()), media2);
    if (xml.includes('GetSnapshotUri'))
      return uriReply('GetSnapshotUri', lying(`${base}/snapshot.jpg`), media2);
    return fault('ActionNotSupported', 'Action not implemented');
  };

  const answer = (response: ServerResponse, xml: string) => {
    const type = { 'Content-Type': 'application/soap+xml; charset=utf-8' };
    switch (faults.lie) {
      case 'hang':
        return;
      case 'redirect':
        return response.writeHead(302, { Location: 'http://203.0.113.9/onvif' }).end();
      case 'garbage':
        return response.writeHead(200, type).end('<html><body>router login');
      case 'huge':
        return response.writeHead(200, type).end(envelope(`<a>${'x'.repeat(8_388_608)}</a>`));
      case 'endless': {
        response.writeHead(200, type);
        const pour = setInterval(() => response.write('x'.repeat(16_384)), 5);
        return response.on('close', () => clearInterval(pour));
      }
      case 'proto':
        return response
          .writeHead(200, type)
          .end(
            envelope('<__proto__><Response><polluted>yes</polluted></Response></__proto__><constructor/>'),
          );
      case 'deep':
        return response.writeHead(200, type).end(envelope(`${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}`));
      case 'dtd':
        return response
          .writeHead(200, type)
          .end(
            `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cccc"><!ENTITY d "&b;&b;">]>${envelope('&d;')}`,
          );
      default: {
        const body = reply(xml);
        if (body === NOT_AUTHORISED) return response.writeHead(400, type).end(body);
        return response.writeHead(200, type).end(envelope(body));
      }
    }
  };

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
      if (body.length > BODY_BYTES_MAX) request.destroy();
    });
    request.on('end', () => {
      if (options.httpDigest && !digestIsRight(request.headers.authorization ?? '', options))
        return response
          .writeHead(401, {
            'WWW-Authenticate': `Digest realm="sim", nonce="${NONCE}", qop="auth", algorithm=MD5`,
          })
          .end();
      return answer(response, body);
    });
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port ?? 0, '127.0.0.1', done);
  });
  const bound = server.address();
  base = `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
  return {
    url: `${base}/onvif/device_service`,
    faults,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
