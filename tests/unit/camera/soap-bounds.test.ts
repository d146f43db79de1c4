/*
 * What a camera replies is judged in one walk: hostile replies of the full size are refused before this test's time is up,
 * where an expression that looks again from each bracket needs hours; what two readers could read in two ways is refused.
 */
import { CAMERA_LIMITS } from '@hailong/device-drivers/camera/camera.ts';
import { withLogin } from '@hailong/device-drivers/camera/onvif-guard.ts';
import { refuseSoap, rewriteServiceAddresses } from '@hailong/device-drivers/camera/soap-bounds.ts';
import { readProbeMatch } from '@hailong/device-drivers/camera/ws-discovery.ts';
import { expect, it } from 'vitest';

const HEAD = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>';
const TAIL = '</s:Body></s:Envelope>';
const soap = (body: string) => `${HEAD}${body}${TAIL}`;
const filled = (piece: string, bytes: number = CAMERA_LIMITS.replyBytes) =>
  piece.repeat(Math.floor((bytes - HEAD.length) / piece.length));

it.each([
  ['tags that never close', filled('<a')],
  ['tags that never close, with values', filled('<a b="c"')],
  ['an attribute without end', `<a b="${filled('<')}`],
  ['names without end', `<${filled('a')}`],
  ['spaces without end', `<a${filled(' ')}`],
  ['spaces between name and value', `<a b${filled(' ')}`],
  ['comments in comments', filled('<!--')],
  ['dashes', `<!--${filled('--')}`],
  ['sections', filled('<![CDATA[')],
  ['ends of sections', `<![CDATA[${filled(']]')}`],
  ['exclamations', filled('<!')],
  ['ends alone', filled('</a')],
  ['instructions', filled('<?a')],
  ['addresses that never close', filled('<XAddr')],
  ['namespaces in words', filled('xmlns')],
  ['elements without number', filled('<a/>')],
])('%s are refused at full size', (_what, body) => {
  const whole = HEAD + body;
  expect(whole.length).toBeGreaterThan(CAMERA_LIMITS.replyBytes * 0.9);
  expect(refuseSoap(whole.slice(0, CAMERA_LIMITS.replyBytes))).not.toBeNull();
});

it('a datagram full of them announces nothing', () => {
  expect(readProbeMatch(`<s:Envelope><ProbeMatch>${filled('<a', 65_000)}`)).toEqual({
    ...{ addresses: [], name: '' },
  });
});

it('the largest reply that is accepted is read as quickly', () => {
  const bytes = CAMERA_LIMITS.replyBytes - TAIL.length;
  const wide = soap(filled(`<a b="${'x'.repeat(1_000)}">${'y'.repeat(1_000)}</a>`, bytes));
  expect(refuseSoap(wide)).toBeNull();
  expect(rewriteServiceAddresses(wide, 'http://127.0.0.1:1/p')).toBe(wide);
});

it('a request that repeats a camera’s words gets its login once, in its header', () => {
  const login = { user: 'admin', password: 'p' };
  const request = (words: string) => `<UsernameToken><Created>T</Created></UsernameToken>${words}`;
  const hostile = filled('<UsernameToken>', 65_000);
  expect(withLogin(request(hostile), login).endsWith(`</UsernameToken>${hostile}`)).toBe(true);
  expect(withLogin(hostile, login)).toBe(hostile);
  expect(withLogin(request(''), { user: '', password: '' })).toBe(request(''));
});

it.each([
  ['a bracket in a tag', '<a<b></a>'],
  ['a bracket in a value', '<a b="1>2"/>'],
  ['a value without quotes', '<a b=1/>'],
  ['an end of another element', '<a><b></a></b>'],
  ['an end too many', '</s:Body>'],
  ['a comment with elements in it', '<!-- <XAddr>http://10.0.0.1/</XAddr> -->'],
  ['a section with elements in it', '<![CDATA[<XAddr>]]>'],
  ['an instruction', '<?xml-stylesheet href="x"?>'],
  ['an entity', '<!ENTITY a "b">'],
  ['a value past its limit', `<a b="${'c'.repeat(3_000)}"/>`],
])('%s is refused', (_what, body) => {
  expect(refuseSoap(soap(body))).not.toBeNull();
});

it('what cameras truly send is accepted', () => {
  for (const body of [
    '',
    '<tt:a  b = "1"\n c=\'2\' />',
    '<a>x &lt; y > z</a >',
    '<!-- gSOAP 2.8 --><a/>',
    '<![CDATA[x]]>',
  ])
    expect([body, refuseSoap(`\uFEFF<?xml version="1.0" encoding="UTF-8"?>\r\n${soap(body)}\n`)]).toEqual([
      body,
      null,
    ]);
  expect(refuseSoap(`${soap('')}${soap('')}`)).not.toBeNull();
  expect(refuseSoap(soap('').slice(0, -3))).not.toBeNull();
  expect(refuseSoap('<html><body/></html>')).not.toBeNull();
});
