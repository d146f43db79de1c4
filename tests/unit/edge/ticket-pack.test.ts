/* Purpose: a ticket packed for a QR code comes back as the very text that was signed, and nothing else is taken for one. */
import { stage } from '@hailong/shared/model/transaction.ts';
import { PRIVATE_VALID_MS, type VoteTicket, voteTicket } from '@hailong/shared/protocol/private.ts';
import { packTicket, ticketText, unpackTicket } from '@hailong/shared/protocol/ticket-pack.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const tickets: fc.Arbitrary<VoteTicket> = fc
  .record(
    {
      v: fc.constant('hailong-vote-v1' as const),
      device: bytes(32).map(hex),
      rating: fc.uuid(),
      transaction: fc.uuid(),
      issuedAt: fc.integer({ min: 0, max: 8_640_000_000_000 }),
      validMs: fc.integer({ min: 1, max: PRIVATE_VALID_MS }),
      stage: fc.constantFrom(...stage.options),
      instrument: fc.record({
        id: fc.string({ unit: 'grapheme', maxLength: 40 }).filter((id) => id.length > 0 && id.length <= 40),
        version: fc.integer({ min: 1, max: 0xffffffff }),
      }),
    },
    { requiredKeys: ['v', 'device', 'rating', 'transaction', 'issuedAt', 'validMs'] },
  )
  .map((ticket) => ticket as VoteTicket);

it('gives back what was signed, to the letter', () => {
  fc.assert(
    fc.property(tickets, bytes(64), (ticket, sig) => {
      const packed = packTicket({ ticket, sig })!;
      const back = unpackTicket(packed)!;
      expect(ticketText(back.ticket)).toBe(ticketText(ticket));
      expect(hex(back.sig)).toBe(hex(sig));
      expect(voteTicket.parse(JSON.parse(ticketText(back.ticket)))).toEqual(back.ticket);
    }),
  );
});

it('takes nothing that is cut, longer, of another form or of an unknown stage', () => {
  fc.assert(
    fc.property(tickets, bytes(64), fc.nat(), (ticket, sig, at) => {
      const packed = packTicket({ ticket, sig })!;
      expect(unpackTicket(packed.subarray(0, at % packed.length))).toBeNull();
      expect(unpackTicket(Uint8Array.of(...packed, 0))).toBeNull();
      expect(unpackTicket(packed.with(0, 2))).toBeNull();
      expect(unpackTicket(packed.with(75, 200))).toBeNull();
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (any) => void unpackTicket(any)));
});

it('reads one text and one packing each from any changed bit', () => {
  fc.assert(
    fc.property(tickets, bytes(64), fc.nat(), fc.nat({ max: 7 }), (ticket, sig, at, bit) => {
      const packed = packTicket({ ticket, sig })!;
      const index = at % packed.length;
      const back = unpackTicket(packed.with(index, packed[index]! ^ (1 << bit)));
      if (back === null) return;
      const same = ticketText(back.ticket) === ticketText(ticket) && hex(back.sig) === hex(sig);
      expect(same).toBe(false);
    }),
  );
});

it('refuses what would not come back as it was signed', () => {
  const [ticket] = fc.sample(tickets, { numRuns: 1, seed: 1 });
  const sig = new Uint8Array(64);
  const capitals = '019AAAAA-0000-7000-8000-00000000000F' as VoteTicket['transaction'];
  expect(packTicket({ ticket: { ...ticket!, transaction: capitals }, sig })).toBeNull();
  expect(packTicket({ ticket: ticket!, sig: new Uint8Array(63) })).toBeNull();
  const instrument = { id: 'a', version: 2 ** 33 };
  expect(packTicket({ ticket: { ...ticket!, instrument }, sig })).toBeNull();
});
