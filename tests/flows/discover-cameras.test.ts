/*
 * Cameras found in the network by WS-Discovery. Runs in a network of its own (`unshare -n`), where loopback carries
 * multicast: nothing of it reaches the machine's real networks, and nothing of theirs comes in.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readProbeMatch } from '@hailong/device-drivers/camera/ws-discovery.ts';
import { describe, expect, it, test } from 'vitest';
import { inRepo } from '../support/paths.ts';

const mayUnshare = spawnSync('unshare', ['-n', 'true']).status === 0 && spawnSync('ip', ['-V']).status === 0;

test('a camera announces itself; what lies about where it is, or lies elsewhere, is not listed', (context) => {
  if (!mayUnshare) return context.skip('no right to make a network here');
  const script = inRepo('tests/support/discover-here.ts');
  const inside = `ip link set lo up multicast on && ip route add 224.0.0.0/4 dev lo && exec "$0" "$1"`;
  const out = execFileSync('unshare', ['-n', 'sh', '-c', inside, process.execPath, script], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  const { answer, asked, lookedUp } = JSON.parse(out) as {
    answer: unknown;
    asked: number;
    lookedUp: string[];
  };
  expect(asked).toBeGreaterThanOrEqual(1);
  expect(lookedUp).toEqual([]);
  expect(answer).toEqual({
    ok: true,
    value: [{ address: 'http://127.0.0.1:8081/onvif/device_service', name: 'Quầy 5 <b>A</b>' }],
  });
}, 40_000);

describe('one reply', () => {
  const match = (inner: string, head = '') =>
    `${head}<s:Envelope><s:Body><ProbeMatches><ProbeMatch>${inner}</ProbeMatch></ProbeMatches></s:Body></s:Envelope>`;
  it.each([
    ['nothing', ''],
    ['a document type', match('<XAddrs>http://10.0.0.1/</XAddrs>', '<!DOCTYPE a>')],
    ['depth', match(`${'<a>'.repeat(64)}<XAddrs>http://10.0.0.1/</XAddrs>`)],
    ['size', match(`<XAddrs>http://10.0.0.1/</XAddrs>${' '.repeat(300_000)}`)],
    [
      'another message',
      '<s:Envelope><s:Body><Hello><XAddrs>http://10.0.0.1/</XAddrs></Hello></s:Body></s:Envelope>',
    ],
  ])('with %s announces nothing', (_what, xml) => {
    expect(readProbeMatch(xml)).toEqual({ addresses: [], name: '' });
  });

  it('with a name full of control characters, or a broken one, is shown shortened', () => {
    const named = (name: string) =>
      readProbeMatch(
        match(`<Scopes>onvif://www.onvif.org/name/${name}</Scopes><XAddrs>http://10.0.0.1/</XAddrs>`),
      ).name;
    expect(named('a%0D%0Ab%00c')).toBe('a b c');
    expect(named('%E0%A4%A')).toBe('%E0%A4%A');
    expect(named(`x${'y'.repeat(500)}`)).toHaveLength(80);
  });
});
