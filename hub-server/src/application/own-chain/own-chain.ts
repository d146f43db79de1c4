/**
 * The hub as a writer of facts: one epoch a start, and the second medium that follows its chain. What a caller states goes
 * through the storage port in one transaction; this only says who states it and how safe it is then.
 * Refuses: nothing; a medium that fails never holds up a fact. See hub-server/DESIGN.md, "The hub's own chain".
 */
import type { Clock } from '@hailong/shared/time.ts';
import type { OwnFresh, OwnPlace, OwnWriter } from '../ports/own-chain.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { SlipCodes } from '../private-route/slip-codes.ts';

/** The medium beside the database. Implemented by adapters/own-mirror. */
export interface SecondMedium {
  /** Its last write failed. */
  readonly failed: boolean;
  /** Brings it up to the chain; answers whether the place lies there, on a medium of its own. */
  follow(place: OwnPlace | null): Promise<boolean>;
}

/** none: nobody asked for one · away: it cannot be opened or written, and is tried again · kept: it follows the chain. */
export type MediumState = 'none' | 'away' | 'kept';

export interface OwnChain {
  readonly device: string;
  writer(): OwnWriter;
  fresh(): OwnFresh;
  /** Facts were stated: the second medium may follow, nobody waits for it. */
  stated(): void;
  /** Whether the fact lies on a second medium; waits for it. */
  secured(place: OwnPlace): Promise<boolean>;
  /** A second medium is wanted; until `mirrorTo` it is away. */
  awaitMedium(): void;
  mirrorTo(medium: SecondMedium): void;
  /** It was compared with the chain and follows it. */
  readonly mirrored: boolean;
  readonly medium: MediumState;
}

export interface OwnChainParts {
  readonly device: string;
  /** 128 random bits, hex: one a start, so that numbers are never used twice. */
  readonly epoch: string;
  readonly build: string;
  readonly clock: Clock;
  readonly secrets: Pick<Secrets, 'id'>;
  readonly slipCodes: SlipCodes;
}

export function createOwnChain({ device, epoch, build, clock, secrets, slipCodes }: OwnChainParts): OwnChain {
  let medium: SecondMedium | null = null;
  let isWanted = false;
  const writer = (): OwnWriter => ({ device, epoch, build, at: clock.now(), mono: clock.monotonic() });
  return {
    device,
    writer,
    fresh() {
      const rating = secrets.id();
      return { writer: writer(), handover: secrets.id(), rating, slip: slipCodes.ofRating(rating).slip };
    },
    stated: () => void medium?.follow(null),
    secured: async (place) => (await medium?.follow(place)) ?? false,
    get mirrored() {
      return medium !== null;
    },
    get medium() {
      if (medium) return medium.failed ? 'away' : 'kept';
      return isWanted ? 'away' : 'none';
    },
    awaitMedium() {
      isWanted = true;
    },
    mirrorTo(given) {
      medium = given;
      // What was stated while it was being opened.
      void given.follow(null);
    },
  };
}
