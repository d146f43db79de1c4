/** Storage of the hub's own chain: each call states its facts and keeps what follows from them in one transaction. */

import type { BodyOf } from '@hailong/shared/model/event.ts';
import type { ChipKey, InstrumentRef } from '@hailong/shared/model/instrument.ts';
import type { Stage } from '@hailong/shared/model/transaction.ts';
import type { Standing } from '@hailong/shared/protocol/edge.ts';
import type { PrivateAnswers, PrivateReceipt } from '@hailong/shared/protocol/private.ts';

/** Who states it: this start of this hub, now. */
export interface OwnWriter {
  /** SHA-256 of the hub's raw public key. */
  readonly device: string;
  readonly epoch: string;
  readonly build: string;
  readonly at: number;
  readonly mono: number;
}
export interface OwnPlace {
  readonly epoch: string;
  readonly seq: number;
}
/** Ids minted before the call, used if the hub's chain keeps the counter. */
export interface OwnFresh {
  readonly writer: OwnWriter;
  readonly handover: string;
  readonly rating: string;
  /** Hash of the code that goes with this rating. */
  readonly slip: string;
}
export interface OwnEvent extends OwnPlace {
  /** Hash of the event before. */
  readonly prev: Uint8Array;
  readonly bytes: Uint8Array;
}
/** Up to where the second medium holds an epoch. */
export type OwnHeads = readonly OwnPlace[];

/** A ticket names the rating, a slip is found by its hash. */
export type PrivateRoute = BodyOf<'private.voted'>['route'];
export interface PrivateAsk {
  readonly route: PrivateRoute;
  /** The phone's own token; kept only as a salted hash. */
  readonly phone: string;
  /** How long a ticket may be used; null: typed code. */
  readonly validMs: number | null;
  /** The ticket is of a device that was revoked: a vote is kept and does not count. */
  readonly revoked: boolean;
  /** What the ticket says of a rating that has not come yet. */
  readonly said: { readonly stage: Stage | null; readonly instrument: InstrumentRef | null };
  readonly at: number;
}
export type PrivateRefusal =
  | 'private.code_unknown'
  | 'private.other_phone'
  | 'private.ticket_invalid'
  | 'private.chips_unknown'
  /** Not answers of the form that was asked. */
  | 'request.invalid';
export type PrivateOpened =
  | {
      readonly ok: true;
      readonly inTime: boolean;
      readonly voted: boolean;
      /** Its stored text. */
      readonly instrument: string | null;
      readonly stage: Stage | null;
      readonly counter: { readonly number: string; readonly name: string } | null;
      readonly openedAt: number | null;
    }
  | { readonly ok: false; readonly code: PrivateRefusal };
export type PrivateReceived =
  | ({ readonly ok: true } & PrivateReceipt)
  | { readonly ok: false; readonly code: PrivateRefusal };

export interface OwnChainPort {
  /** Opens this start's epoch with hub.started; answers its head. */
  begin(writer: OwnWriter): Promise<OwnPlace>;
  /** Facts behind these heads, oldest first; what a second medium does not hold yet. */
  after(input: {
    readonly device: string;
    readonly heads: OwnHeads;
    readonly limit: number;
  }): Promise<readonly OwnEvent[]>;
  /** Facts that a second medium holds and this data lost; consecutive ones of one epoch. Answers how many were new. */
  takeBack(input: {
    readonly device: string;
    readonly epoch: string;
    readonly firstSeq: number;
    readonly prev: Uint8Array;
    readonly events: readonly Uint8Array[];
    readonly at: number;
    /** The epoch in which this start has stated facts already; null: none yet. */
    readonly since: string | null;
  }): Promise<number>;
  /** The open hand-over of a counter; null: its kiosk states its facts. */
  holdOf(counterId: string): Promise<string | null>;
  /** A broken kiosk's counter goes to the hub's chain. Null: the hub holds it already. */
  handOver(input: {
    readonly fresh: OwnFresh;
    readonly counterId: string;
    readonly reason: string;
    readonly by: string;
  }): Promise<{ readonly handover: string; readonly device: string | null } | null>;
  /** Two people's word on whether an epoch's facts count. Null: no such epoch. */
  decide(input: {
    readonly writer: OwnWriter;
    readonly device: string;
    readonly epoch: string;
    readonly counted: boolean;
    readonly reason: string;
    readonly by: readonly string[];
  }): Promise<{ readonly standing: Standing } | null>;

  /** Binds the route to the phone that opens it first. */
  openPrivate(input: PrivateAsk): Promise<PrivateOpened>;
  /** Records a vote; `place` is where its fact stands, also of one that came before. */
  votePrivate(
    input: PrivateAsk & {
      readonly writer: OwnWriter;
      readonly vote: string;
      readonly answers: PrivateAnswers;
      readonly chips: readonly ChipKey[] | null;
    },
  ): Promise<
    { readonly ok: true; readonly place: OwnPlace } | { readonly ok: false; readonly code: PrivateRefusal }
  >;

  /** What became of this phone's vote; binds nothing. */
  receiptPrivate(input: PrivateAsk): Promise<PrivateReceived>;

  /** Numbers of a device's codes that no rating carries yet, and the next number to use. */
  slips(device: string): Promise<{ readonly free: readonly number[]; readonly next: number }>;
  /** New codes by their hash; those that are known stay. */
  issueSlips(input: {
    readonly device: string;
    readonly codes: readonly { readonly number: number; readonly slip: string }[];
    readonly at: number;
  }): Promise<null>;
}
