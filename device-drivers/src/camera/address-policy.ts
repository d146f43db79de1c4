/**
 * Purpose: which addresses this product connects to on behalf of a camera entry, and to which machine exactly.
 * Refuses: schemes other than rtsp(s) and http(s), credentials in addresses, machines outside the allow-list. A name is
 * resolved once and the connection goes to that address; what a camera returns keeps only its path and port.
 * See hub-server/DESIGN.md, "Security"; there are no redirects because nobody here follows one.
 */
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { CAMERA_LIMITS, type CameraAnswer, failure } from './camera.ts';

/**
 * Networks a camera may be in when the operator has named none: private ranges (RFC 1918, RFC 4193) and this machine.
 * Link-local addresses are not among them: cloud machines answer there with their own secrets.
 */
export const DEFAULT_CAMERA_CIDRS = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  '127.0.0.0/8',
  '::1/128',
] as const;

/** Where cloud machines tell their secrets inside fc00::/7 (AWS, Google, Oracle): no camera, whatever networks were named. */
const NEVER = ['fd00:ec2::254', 'fd20:ce::254', 'fd00:c1::a9fe:a9fe'] as const;

const DEFAULT_PORT: Readonly<Record<string, number>> = {
  'rtsp:': 554,
  'rtsps:': 322,
  'http:': 80,
  'https:': 443,
};

/** An address that may be connected to. */
export interface PinnedAddress {
  readonly scheme: 'rtsp' | 'rtsps' | 'http' | 'https';
  /** As configured, for names shown and for TLS. */
  readonly host: string;
  /** The one IP address to connect to. */
  readonly ip: string;
  readonly port: number;
  /** Path and query, beginning with `/`. */
  readonly path: string;
}

export type Resolve = (host: string) => Promise<readonly string[]>;

const resolveByDns: Resolve = async (host) =>
  (await lookup(host, { all: true })).map((entry) => entry.address);

/** Names resolve within this time or not at all. */
const RESOLVE_MS = 3_000;

/** A stream's address that `pinnedText` wrote; null: it names a machine instead of an IP address. */
export function readPinned(streamUri: string): PinnedAddress | null {
  const read = readAddress(streamUri);
  return read === null || isIP(read.host) === 0 || !read.scheme.startsWith('rtsp')
    ? null
    : { ...read, ip: read.host };
}

export interface AddressPolicy {
  /** Reads, resolves and judges an address that a person configured. */
  admit(address: string): Promise<CameraAnswer<PinnedAddress>>;
}

function blockList(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [net = '', bits] = cidr.trim().split('/');
    const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(net) === 0) continue;
    list.addSubnet(net, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return list;
}

/** Drops an unreadable entry: an allow-list never grows by a mistake. Empty = DEFAULT_CAMERA_CIDRS. */
export function createAddressPolicy(
  cidrs: readonly string[],
  resolve: Resolve = resolveByDns,
): AddressPolicy {
  const allowed = blockList(cidrs.length === 0 ? DEFAULT_CAMERA_CIDRS : cidrs.filter(isCidr));
  return {
    async admit(address) {
      const read = readAddress(address);
      if (read === null) return failure('camera.address_refused', 'not an rtsp(s) or http(s) address');
      const ips = isIP(read.host)
        ? [read.host]
        : await Promise.race([
            resolve(read.host).catch(() => []),
            new Promise<string[]>((done) => setTimeout(() => done([]), RESOLVE_MS).unref()),
          ]);
      if (ips.length === 0) return failure('camera.unreachable', `the name ${read.host} has no address`);
      const ip = ips.find((one) => isAllowed(allowed, one));
      if (ip === undefined)
        return failure('camera.address_refused', `${read.host} (${ips[0]}) is outside the camera networks`);
      return { ok: true, value: { ...read, ip } };
    },
  };
}

export function isCidr(text: string): boolean {
  const match = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text.trim());
  const family = match ? isIP(match[1] as string) : 0;
  return family !== 0 && (match?.[2] === undefined || Number(match[2]) <= (family === 6 ? 128 : 32));
}

/** IPv4 inside IPv6 (`::ffff:10.0.0.1`) is judged as the IPv4 address that it reaches. */
const never = blockList(NEVER);
function isAllowed(list: BlockList, ip: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip);
  const plain = mapped ? (mapped[1] as string) : ip;
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
  return list.check(plain, family) && !never.check(plain, family);
}

function readAddress(address: string): Omit<PinnedAddress, 'ip'> | null {
  // A control character or a space would end a line of RTSP or of the ffconcat file.
  for (let i = 0; i < address.length; i += 1)
    if (address.charCodeAt(i) <= 32 || address.charCodeAt(i) === 127) return null;
  if (address.length > CAMERA_LIMITS.detail || address.includes('\\') || address.includes("'")) return null;
  if (!/^(rtsps?|https?):\/\//i.test(address)) return null;
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const port = url.port === '' ? DEFAULT_PORT[url.protocol] : Number(url.port);
  if (port === undefined || port < 1 || url.hostname === '' || url.username !== '' || url.password !== '')
    return null;
  return {
    scheme: url.protocol.slice(0, -1) as PinnedAddress['scheme'],
    host: url.hostname.replace(/^\[|\]$/g, '').toLowerCase(),
    port,
    path: `${url.pathname || '/'}${url.search}`,
  };
}

/**
 * What a camera returned, held to the machine it was asked from: scheme from a closed list, host replaced, credentials
 * dropped. Null when nothing usable remains. `replaced` tells that the camera had named another host.
 */
export function pinReturned(
  returned: unknown,
  asked: PinnedAddress,
  schemes: readonly ('rtsp' | 'rtsps' | 'http' | 'https')[],
): { readonly uri: string; readonly replaced: boolean } | null {
  if (typeof returned !== 'string') return null;
  const bare = returned.trim().replace(/^(\w+:\/\/)[^/?#]*@/, '$1');
  const read = readAddress(bare);
  if (read === null || !schemes.includes(read.scheme)) return null;
  return {
    uri: addressText({ ...read, host: asked.host }),
    replaced: read.host !== asked.host && read.host !== asked.ip,
  };
}

const bracketed = (host: string) => (isIP(host) === 6 ? `[${host}]` : host);

/** `scheme://host:port/path`, port always written. */
export function addressText(address: Omit<PinnedAddress, 'ip'>): string {
  return `${address.scheme}://${bracketed(address.host)}:${address.port}${address.path}`;
}

/** The same with the resolved IP in place of the name: what ffmpeg is given, so that it resolves nothing itself. */
export function pinnedText(address: PinnedAddress): string {
  return addressText({ ...address, host: address.ip });
}
