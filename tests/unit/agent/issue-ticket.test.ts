/* Purpose: the way to the phone: signed once, the same for every screen that has a place for it, an hour only where known. */
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import type { PhoneRating } from '@hailong/shared/counter/counter-state.ts';
import { PRIVATE_VALID_MS } from '@hailong/shared/protocol/private.ts';
import { ticketText, unpackTicket } from '@hailong/shared/protocol/ticket-pack.ts';
import { qrRows } from '@hailong/shared/protocol/ui.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawQr } from '../../../kiosk-app/agent/adapters/qr-code.ts';
import { TicketIssuer } from '../../../kiosk-app/agent/application/issue-ticket.ts';
import { KnownTime } from '../../../kiosk-app/agent/application/known-time.ts';
import type { Settings } from '../../../kiosk-app/agent/application/ports.ts';
import { readQr } from '../../support/read-qr.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const DEVICE = 'd'.repeat(64) as never;
const RATING = '019aaaaa-0000-7000-8000-000000000001' as never;
const TRANSACTION = '019aaaaa-0000-7000-8000-000000000002' as never;
const NOW = 1_795_000_000_000 as never as UtcMs;
const RATED: PhoneRating = {
  ...{ rating: RATING, transaction: TRANSACTION, stage: 'refusal', slip: 'ABCDEFGH12' },
  instrument: { id: 'hai-long-5', version: 3 },
};

function issuing(given: { address?: string | null; known?: boolean } = {}) {
  let signed = 0;
  let address = given.address === undefined ? 'https://danhgia.example.vn' : given.address;
  const issuer = new TicketIssuer({
    identity: {
      device: DEVICE,
      sign(bytes) {
        signed += 1;
        return sign(null, bytes, privateKey).toString('base64url');
      },
    },
    now: () => ({ at: NOW, known: given.known ?? true }),
    drawQr,
    address: () => address,
  });
  return { issuer, signed: () => signed, move: (to: string) => (address = to) };
}
const ticketOf = (rows: readonly string[] | null) => {
  const text = readQr(rows!);
  const [url, packed] = text.split('#');
  return { url, ...unpackTicket(Buffer.from(packed!, 'base64url'))! };
};

it('signs what the phone rebuilds from the code on the screen', () => {
  const { issuer } = issuing();
  const { qr, until } = issuer.ticketOf(RATED)!;
  expect(qrRows.safeParse(qr).success).toBe(true);
  const { url, ticket, sig } = ticketOf(qr);
  expect(url).toBe('https://danhgia.example.vn/v');
  expect(ticket).toEqual({
    ...{ v: 'hailong-vote-v1', device: DEVICE, rating: RATING, transaction: TRANSACTION, issuedAt: NOW },
    ...{ validMs: PRIVATE_VALID_MS, stage: 'refusal', instrument: { id: 'hai-long-5', version: 3 } },
  });
  expect(verify(null, Buffer.from(ticketText(ticket)), publicKey, sig)).toBe(true);
  expect(until).toBe(NOW + PRIVATE_VALID_MS);
});

it('signs once for a rating, however often a screen is made, and draws anew for another address', () => {
  const { issuer, signed, move } = issuing();
  const first = issuer.ticketOf(RATED);
  expect(issuer.ticketOf(RATED)).toEqual(first);
  move('https://khac.example.vn/danh-gia/');
  expect(ticketOf(issuer.ticketOf(RATED)!.qr).url).toBe('https://khac.example.vn/danh-gia/v');
  expect(signed()).toBe(1);
});

it('promises no hour that nobody knows, and has no ticket where phones reach no hub', () => {
  expect(issuing({ known: false }).issuer.ticketOf(RATED)).toMatchObject({ until: null });
  expect(issuing({ address: null }).issuer.ticketOf(RATED)).toBeNull();
});

it('names no stage where it is not known any more: the hub takes what the chain says', () => {
  const { issuer } = issuing();
  const { ticket } = ticketOf(issuer.ticketOf({ ...RATED, stage: null })!.qr);
  expect([ticket.rating, ticket.transaction, ticket.stage]).toEqual([RATING, TRANSACTION, undefined]);
});

it('counts time from the last anchor of this boot, and knows none in another', () => {
  const kept = new Map<string, unknown>();
  const settings: Settings = {
    read: (key) => kept.get(key) ?? null,
    write: (key, value) => Boolean(kept.set(key, value)),
  };
  const clock = { at: 5, mono: 1_000, bootId: 'one' };
  const time = () =>
    new KnownTime({
      clock: { bootId: clock.bootId, stamp: () => ({ at: clock.at, mono: clock.mono }) },
      settings,
    });
  expect(time().now()).toEqual({ at: 5, known: false });
  time().anchored({ hubAt: NOW, rttMs: 40 });
  clock.mono += 60_000;
  expect(time().now()).toEqual({ at: NOW + 20 + 60_000, known: true });
  Object.assign(clock, { bootId: 'two', mono: 7 });
  expect(time().now()).toEqual({ at: NOW, known: false });
  clock.at = NOW + 9;
  expect(time().now()).toEqual({ at: NOW + 9, known: false });
});

it('draws what a reader reads', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 260, unit: fc.constantFrom(...'abcXYZ019-_/#:.') }),
      (text) => {
        expect(readQr(drawQr(text))).toBe(text);
      },
    ),
    { numRuns: 20 },
  );
});
