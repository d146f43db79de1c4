/* Purpose: the way to the phone: signed once, the same for every screen that has a place for it, an hour only where known. */
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { emptyCounter, type OpenRating } from '@hailong/shared/counter/counter-state.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { PRIVATE_VALID_MS } from '@hailong/shared/protocol/private.ts';
import { ticketText, unpackTicket } from '@hailong/shared/protocol/ticket-pack.ts';
import { qrRows, type Screen, screen } from '@hailong/shared/protocol/ui.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawQr } from '../../../kiosk-app/agent/adapters/qr-code.ts';
import { TicketIssuer } from '../../../kiosk-app/agent/application/issue-ticket.ts';
import { KnownTime } from '../../../kiosk-app/agent/application/known-time.ts';
import type { Committed, Settings } from '../../../kiosk-app/agent/application/ports.ts';
import { readQr } from '../../support/read-qr.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const DEVICE = 'd'.repeat(64) as never;
const RATING = '019aaaaa-0000-7000-8000-000000000001' as never;
const TRANSACTION = '019aaaaa-0000-7000-8000-000000000002' as never;
const NOW = 1_795_000_000_000 as never as UtcMs;
const COMMON = { office: { name: 'X', place: '' }, counterNumber: '5', online: false, notice: null };
const OPEN = { rating: RATING, transaction: TRANSACTION, slip: 'ABCDEFGH12' } as unknown as OpenRating;
const STATE = { ...emptyCounter('b'), rating: OPEN };

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
  const opened = (more: object = {}) =>
    issuer.committed({
      appended: [
        {
          event: {
            body: {
              ...{ type: 'rating.opened', rating: RATING, transaction: TRANSACTION, stage: 'reception' },
              ...{ instrument: { id: 'hai-long-5', version: 3 }, ...more },
            } as unknown as EventBody,
          },
        },
      ],
    } as unknown as Committed);
  return { issuer, opened, signed: () => signed, move: (to: string) => (address = to) };
}
const privateScreen: Screen = {
  ...{ name: 'private', ...COMMON, rating: RATING, code: 'ABCDEFGH12' },
  ...{ qr: null, until: null, closeAfterMs: 45_000, closesInMs: 9_000 },
};
const shown = (made: Screen) => screen.parse(made) as Extract<Screen, { name: 'private' }>;
const ticketOf = (rows: readonly string[] | null) => {
  const text = readQr(rows!);
  const [url, packed] = text.split('#');
  return { url, ...unpackTicket(Buffer.from(packed!, 'base64url'))! };
};

it('signs what the phone rebuilds from the code on the screen', () => {
  const { issuer, opened } = issuing();
  opened({ stageAsked: 'refusal' });
  const { qr, until, code } = shown(issuer.screen(privateScreen, STATE));
  const { url, ticket, sig } = ticketOf(qr);
  expect(url).toBe('https://danhgia.example.vn/v');
  expect(ticket).toEqual({
    ...{ v: 'hailong-vote-v1', device: DEVICE, rating: RATING, transaction: TRANSACTION, issuedAt: NOW },
    ...{ validMs: PRIVATE_VALID_MS, stage: 'refusal', instrument: { id: 'hai-long-5', version: 3 } },
  });
  expect(verify(null, Buffer.from(ticketText(ticket)), publicKey, sig)).toBe(true);
  expect([until, code]).toEqual([NOW + PRIVATE_VALID_MS, 'ABCDEFGH12']);
});

it('signs once for a rating, however often a screen is made, and draws anew for another address', () => {
  const { issuer, opened, signed, move } = issuing();
  opened();
  const first = shown(issuer.screen(privateScreen, STATE)).qr;
  expect(shown(issuer.screen(privateScreen, STATE)).qr).toEqual(first);
  const stored = issuer.screen({ name: 'cannot-store', ...COMMON }, STATE) as { offer: { qr: string[] } };
  expect(stored.offer.qr).toEqual(first);
  move('https://khac.example.vn/danh-gia/');
  expect(ticketOf(shown(issuer.screen(privateScreen, STATE)).qr).url).toBe(
    'https://khac.example.vn/danh-gia/v',
  );
  expect(signed()).toBe(1);
});

it('promises no hour that nobody knows, and shows no code where phones reach no hub', () => {
  const unsure = issuing({ known: false });
  unsure.opened();
  expect(shown(unsure.issuer.screen(privateScreen, STATE))).toMatchObject({ until: null });
  const nowhere = issuing({ address: null });
  nowhere.opened();
  expect(shown(nowhere.issuer.screen(privateScreen, STATE))).toMatchObject({ qr: null, until: null });
  const bare = { ...STATE, rating: { ...OPEN, slip: null } };
  const screenOf = { name: 'cannot-store', ...COMMON } as const;
  expect(nowhere.issuer.screen(screenOf, bare)).toEqual(screenOf);
});

it('issues after a restart from the state alone', () => {
  const { issuer } = issuing();
  const { ticket } = ticketOf(shown(issuer.screen(privateScreen, STATE)).qr);
  expect([ticket.rating, ticket.transaction, ticket.stage]).toEqual([RATING, TRANSACTION, undefined]);
});

it('puts it on an offer at rest, of the silent rating only', () => {
  const rest = {
    ...{ name: 'rest', ...COMMON, officer: { name: 'A', position: 'B', unitName: 'C', photo: null } },
    offer: { code: 'ABCDEFGH12', qr: null, until: null },
  } as Screen;
  const { issuer, opened } = issuing();
  opened();
  expect(issuer.screen(rest, emptyCounter('b'))).toEqual(rest);
  opened({ prompt: false });
  const made = issuer.screen(rest, emptyCounter('b')) as { offer: { qr: string[] } };
  expect(qrRows.safeParse(made.offer.qr).success).toBe(true);
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
