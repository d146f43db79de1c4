/**
 * Purpose: what the fake ONVIF device (onvif-server.ts) says: forms of the Device, Media1 and Media2 services. Pure.
 * Written from ONVIF's own schemas; proves our clients against those, not against a maker's firmware.
 */
export interface DeviceShape {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

const NS =
  'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" ' +
  'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" ' +
  'xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error"';
export const envelope = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><s:Envelope ${NS}><s:Body>${body}</s:Body></s:Envelope>`;
export const escapeXml = (text: string): string => text.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);

export const fault = (code: string, words: string): string =>
  `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:${code}</s:Value></s:Subcode></s:Code>` +
  `<s:Reason><s:Text xml:lang="en">${words}</s:Text></s:Reason></s:Fault>`;

export function dateReply(offsetMs: number): string {
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

/** `media` null: a device that offers Media2 alone. */
export const capabilitiesReply = (device: string, media: string | null): string =>
  `<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Device><tt:XAddr>${device}</tt:XAddr></tt:Device>` +
  `${media === null ? '' : `<tt:Media><tt:XAddr>${media}</tt:XAddr></tt:Media>`}` +
  '</tds:Capabilities></tds:GetCapabilitiesResponse>';

export const servicesReply = (device: string, media2: string): string =>
  `<tds:GetServicesResponse>${[
    ['http://www.onvif.org/ver10/device/wsdl', device],
    ['http://www.onvif.org/ver20/media/wsdl', media2],
  ]
    .map(
      ([name, at]) =>
        `<tds:Service><tds:Namespace>${name}</tds:Namespace><tds:XAddr>${at}</tds:XAddr>` +
        '<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>',
    )
    .join('')}</tds:GetServicesResponse>`;

export const informationReply = ({ label }: DeviceShape): string =>
  '<tds:GetDeviceInformationResponse><tds:Manufacturer>hailong (simulated)</tds:Manufacturer>' +
  `<tds:Model>${escapeXml(label)}</tds:Model><tds:FirmwareVersion>1.0</tds:FirmwareVersion>` +
  '<tds:SerialNumber>SIM-1</tds:SerialNumber><tds:HardwareId>sim</tds:HardwareId></tds:GetDeviceInformationResponse>';

const source = ({ width, height }: DeviceShape, name: string) =>
  `<${name} token="source"><tt:Name>source</tt:Name><tt:SourceToken>source</tt:SourceToken>` +
  `<tt:Bounds x="0" y="0" width="${width}" height="${height}"/></${name}>`;
const resolution = ({ width, height }: DeviceShape) =>
  `<tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution>`;

export function media1Profiles(shape: DeviceShape, count: number): string {
  const one = (token: string) =>
    `<trt:Profiles token="${token}" fixed="true"><tt:Name>${token}</tt:Name>` +
    `${source(shape, 'tt:VideoSourceConfiguration')}` +
    '<tt:VideoEncoderConfiguration token="encoder"><tt:Name>encoder</tt:Name><tt:Encoding>H264</tt:Encoding>' +
    `${resolution(shape)}<tt:Quality>4</tt:Quality><tt:RateControl><tt:FrameRateLimit>${shape.fps}</tt:FrameRateLimit>` +
    '<tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>512</tt:BitrateLimit></tt:RateControl>' +
    '</tt:VideoEncoderConfiguration></trt:Profiles>';
  const all = Array.from({ length: count }, (_, i) => one(i === 0 ? 'main' : `p${i}`));
  return `<trt:GetProfilesResponse>${all.join('')}</trt:GetProfilesResponse>`;
}

export const media2Profiles = (shape: DeviceShape): string =>
  '<tr2:GetProfilesResponse><tr2:Profiles token="main" fixed="true"><tr2:Name>main</tr2:Name><tr2:Configurations>' +
  `${source(shape, 'tr2:VideoSource')}<tr2:VideoEncoder token="encoder"><tt:Name>encoder</tt:Name>` +
  `<tt:Encoding>H265</tt:Encoding>${resolution(shape)}<tt:RateControl ConstantBitRate="false">` +
  `<tt:FrameRateLimit>${shape.fps}</tt:FrameRateLimit><tt:BitrateLimit>512</tt:BitrateLimit></tt:RateControl>` +
  '<tt:Quality>4</tt:Quality></tr2:VideoEncoder></tr2:Configurations></tr2:Profiles></tr2:GetProfilesResponse>';

/** `action`: GetStreamUri or GetSnapshotUri. Media2 says the address itself, Media1 a record of it. */
export const uriReply = (action: string, uri: string, media2: boolean): string =>
  media2
    ? `<tr2:${action}Response><tr2:Uri>${escapeXml(uri)}</tr2:Uri></tr2:${action}Response>`
    : `<trt:${action}Response><trt:MediaUri><tt:Uri>${escapeXml(uri)}</tt:Uri><tt:Timeout>PT60S</tt:Timeout>` +
      `</trt:MediaUri></trt:${action}Response>`;
