/**
 * Purpose: a small fake ONVIF device (Device and Media1 services) in front of the simulated stream, as the probe needs:
 * date, capabilities, information, profiles, stream and snapshot addresses; WS-UsernameToken digest checked.
 * It is ours and labelled as such; it proves our client against ONVIF's forms, not against a maker's firmware.
 * Can lie on request: another host, a huge reply, a DTD, endless nesting, a redirect, silence.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

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
  | 'many';

export interface OnvifServerOptions {
  readonly port?: number;
  readonly user: string;
  readonly password: string;
  readonly label: string;
  readonly streamUrl: () => string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

export interface OnvifFaults {
  lie: OnvifLie;
  /** The device's clock minus real time, ms. */
  clockOffsetMs: number;
}

export interface OnvifServer {
  readonly url: string;
  readonly faults: OnvifFaults;
  stop(): Promise<void>;
}

const BODY_BYTES_MAX = 65_536;
const NS =
  'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" ' +
  'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema"';
const envelope = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><s:Envelope ${NS}><s:Body>${body}</s:Body></s:Envelope>`;
const NOT_AUTHORISED = envelope(
  '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode></s:Code>' +
    '<s:Reason><s:Text xml:lang="en">Sender not Authorized</s:Text></s:Reason></s:Fault>',
);

const escapeXml = (text: string) => text.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);

function tokenIsRight(xml: string, user: string, password: string): boolean {
  const field = (name: string) => new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(xml)?.[1] ?? '';
  const digest = createHash('sha1')
    .update(Buffer.concat([Buffer.from(field('Nonce'), 'base64'), Buffer.from(field('Created') + password)]))
    .digest('base64');
  return field('Username') === escapeXml(user) && field('Password') === digest;
}

function dateReply(offsetMs: number): string {
  const now = new Date(Date.now() + offsetMs);
  return (
    '<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>' +
    '<tt:DaylightSavings>false</tt:DaylightSavings><tt:UTCDateTime>' +
    `<tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute>` +
    `<tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year>` +
    `<tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date>` +
    '</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>'
  );
}

function profile(token: string, options: OnvifServerOptions): string {
  return (
    `<trt:Profiles token="${token}" fixed="true"><tt:Name>${token}</tt:Name>` +
    '<tt:VideoSourceConfiguration token="source"><tt:Name>source</tt:Name><tt:SourceToken>source</tt:SourceToken>' +
    `<tt:Bounds x="0" y="0" width="${options.width}" height="${options.height}"/></tt:VideoSourceConfiguration>` +
    '<tt:VideoEncoderConfiguration token="encoder"><tt:Name>encoder</tt:Name><tt:Encoding>H264</tt:Encoding>' +
    `<tt:Resolution><tt:Width>${options.width}</tt:Width><tt:Height>${options.height}</tt:Height></tt:Resolution>` +
    `<tt:Quality>4</tt:Quality><tt:RateControl><tt:FrameRateLimit>${options.fps}</tt:FrameRateLimit>` +
    '<tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>512</tt:BitrateLimit></tt:RateControl>' +
    '</tt:VideoEncoderConfiguration></trt:Profiles>'
  );
}

export async function startOnvifServer(options: OnvifServerOptions): Promise<OnvifServer> {
  const faults: OnvifFaults = { lie: 'none', clockOffsetMs: 0 };
  let base = '';

  const reply = (xml: string): string => {
    const lying = (uri: string) =>
      faults.lie === 'other-host'
        ? uri.replace(/127\.0\.0\.1/g, '203.0.113.9')
        : faults.lie === 'ftp'
          ? uri.replace(/^\w+:/, 'ftp:')
          : uri;
    if (xml.includes('GetSystemDateAndTime')) return dateReply(faults.clockOffsetMs);
    if (!tokenIsRight(xml, options.user, options.password)) return NOT_AUTHORISED;
    if (xml.includes('GetCapabilities'))
      return (
        '<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Device><tt:XAddr>' +
        `${lying(`${base}/onvif/device_service`)}</tt:XAddr></tt:Device><tt:Media><tt:XAddr>` +
        `${lying(`${base}/onvif/media_service`)}</tt:XAddr></tt:Media></tds:Capabilities></tds:GetCapabilitiesResponse>`
      );
    if (xml.includes('GetDeviceInformation'))
      return (
        '<tds:GetDeviceInformationResponse><tds:Manufacturer>hailong (simulated)</tds:Manufacturer>' +
        `<tds:Model>${escapeXml(options.label)}</tds:Model><tds:FirmwareVersion>1.0</tds:FirmwareVersion>` +
        '<tds:SerialNumber>SIM-1</tds:SerialNumber><tds:HardwareId>sim</tds:HardwareId></tds:GetDeviceInformationResponse>'
      );
    if (xml.includes('GetProfiles')) {
      const count = faults.lie === 'many' ? 100 : 1;
      const all = Array.from({ length: count }, (_, i) => profile(i === 0 ? 'main' : `p${i}`, options));
      return `<trt:GetProfilesResponse>${all.join('')}</trt:GetProfilesResponse>`;
    }
    if (xml.includes('GetStreamUri'))
      return (
        `<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>${escapeXml(lying(options.streamUrl()))}</tt:Uri>` +
        '<tt:Timeout>PT60S</tt:Timeout></trt:MediaUri></trt:GetStreamUriResponse>'
      );
    if (xml.includes('GetSnapshotUri'))
      return (
        `<trt:GetSnapshotUriResponse><trt:MediaUri><tt:Uri>${lying(`${base}/snapshot.jpg`)}</tt:Uri>` +
        '</trt:MediaUri></trt:GetSnapshotUriResponse>'
      );
    return '<s:Fault><s:Reason><s:Text xml:lang="en">Action not implemented</s:Text></s:Reason></s:Fault>';
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
    request.on('end', () => answer(response, body));
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
