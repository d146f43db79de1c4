/* What a turn's disclosed events must say of it, or the manifest says that they do not. */
import { turnLimits } from '@hailong/shared/evidence/check-turn.ts';
import type { PackageChain } from '@hailong/shared/evidence/proofs.ts';
import { toBase64Url } from '@hailong/shared/log/base64.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { describe, expect, it } from 'vitest';
import { newPlace, TestDevice } from '../../support/test-device.ts';

const place = newPlace();
const START = Date.UTC(2026, 10, 20, 3, 0, 0);

/** agent.started, an anchor, then the turn: opened, finished, rating opened, asked, voted, closed. */
function turn(change: (bodies: EventBody[]) => EventBody[] = (bodies) => bodies) {
  const device = new TestDevice();
  device.at = START;
  const chain = device.start(place);
  const nonce = 'neo-thoi-gian-0001';
  device.append(chain, { type: 'time.anchor', hubAt: START, rttMs: 20, nonce, sig: 'x' } as never);
  device.at += 60_000;
  device.mono += 60_000;
  const bodies = device.bodiesOf(place, { level: 2 });
  for (const body of change(bodies)) device.append(chain, body);
  const events = chain.bytes.map(toBase64Url);
  const stretch = (from: number, to = events.length) => ({
    ...{ device: device.device, epoch: chain.epoch, firstSeq: from, prevHash: '0'.repeat(64), heads: [] },
    events: events.slice(from - 1, to),
  });
  const monoOf = (seq: number): number =>
    (JSON.parse(Buffer.from(chain.bytes[seq - 1]!).toString()) as { mono: number }).mono;
  const atOf = (seq: number): number => START + 10 + monoOf(seq) - monoOf(2);
  const at = atOf(3);
  const about = {
    transaction: {
      id: (bodies[0] as { transaction: string }).transaction,
      openedAt: at,
      finishedAt: chain.bytes.length > 3 ? atOf(4) : null,
    },
    ...{
      asked: { from: at - 10_000, to: at + 10_000 },
      askedMoment: at - 10_000,
      kioskBoundMs: 50,
      notProven: [],
    },
  };
  const codes = (stretches: object[], more: object = {}, withheld: object[] = []) =>
    [
      ...turnLimits(
        {
          devices: [{ device: device.device, publicKey: '', certificate: {} }],
          stretches,
          withheld,
        } as unknown as PackageChain,
        { ...about, ...more } as never,
      ),
    ].sort();
  return { codes, stretch, about, at, device, epoch: chain.epoch };
}

describe('a turn in its package', () => {
  it('asks for no word where it is whole and placed by its anchor', () => {
    const { codes, stretch } = turn();
    expect(codes([stretch(2)])).toEqual([]);
    expect(codes([stretch(2, 2), stretch(3)])).toEqual([]);
  });

  it('is not whole without its opening, its end, the close of its rating, or something in between', () => {
    const { codes, stretch } = turn();
    expect(codes([])).toEqual(['rating-partial']);
    expect(codes([stretch(2, 7)])).toEqual(['rating-partial']);
    expect(codes([stretch(2, 2), stretch(4)])).toEqual(['rating-partial']);
    expect(codes([stretch(2, 6), stretch(8)])).toEqual(['rating-partial']);
    expect(turn((bodies) => bodies.slice(0, 1)).codes([])).toEqual(['rating-partial']);
  });

  it('may keep back votes by phone and chips, by their place, and nothing else', () => {
    const { codes, stretch, device, epoch } = turn((bodies) => [
      ...bodies.slice(0, -1),
      { type: 'checkpoint.refused', size: 0, reason: 'x' } as never,
      ...bodies.slice(-1),
    ]);
    const kept = (type: string) => [{ device: device.device, epoch, seq: 8, type }];
    expect(codes([stretch(2, 7), stretch(9)], {}, kept('chips.chosen'))).toEqual([]);
    expect(codes([stretch(2, 7), stretch(9)], {}, kept('rating.voted'))).toEqual(['rating-partial']);
    expect(codes([stretch(2, 7), stretch(9)])).toEqual(['rating-partial']);
  });

  it('ends with its opening where nothing was shown at the counter', () => {
    const silent = turn((bodies) =>
      bodies.slice(0, 3).map((body) => (body.type === 'rating.opened' ? { ...body, prompt: false } : body)),
    );
    expect(silent.codes([silent.stretch(2)])).toEqual([]);
  });

  it('is placed by its kiosk’s own anchor, within the stated bound', () => {
    const { codes, stretch, about, at } = turn();
    const moved = (ms: number) => ({ transaction: { ...about.transaction, openedAt: at - ms } });
    expect(codes([stretch(2)], moved(60))).toEqual([]);
    expect(codes([stretch(2)], moved(200))).toEqual(['turn-moved']);
    expect(codes([stretch(3)], moved(200))).toEqual(['turn-unanchored']);
    expect(codes([stretch(3)], { kioskBoundMs: null })).toEqual([]);
  });

  it('lies within what was asked', () => {
    const { codes, stretch, at } = turn();
    const asked = (from: number, to: number) => ({ asked: { from, to } });
    expect(codes([stretch(2)], asked(at + 1, at + 9))).toEqual(['asked-partial']);
    expect(codes([stretch(2)], asked(at - 9, at - 1))).toEqual(['asked-partial']);
    expect(codes([stretch(2)], { ...asked(at - 9, at - 1), notProven: ['end-cut'] })).toEqual([]);
    expect(codes([stretch(2)], { askedMoment: at + 1 })).toEqual(['asked-partial']);
  });
});
