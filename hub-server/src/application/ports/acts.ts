/** Storage of acts of two people. Approval, what it makes and its row of the log are one transaction. */
import type { ActAnswer, ActRequest } from '@hailong/shared/protocol/acts.ts';
import type { Role } from '@hailong/shared/protocol/http.ts';

export interface ActsPort {
  /** The same person asking for the same again while it waits is told of the one that waits. */
  ask(input: {
    readonly id: string;
    readonly userId: string;
    readonly via: string;
    readonly request: ActRequest;
    readonly at: number;
  }): Promise<ActAnswer>;
  approve(input: {
    readonly id: string;
    readonly userId: string;
    readonly via: string;
    readonly at: number;
  }): Promise<ActAnswer>;
  refuse(input: {
    readonly id: string;
    readonly userId: string;
    readonly via: string;
    readonly reason: string;
    readonly at: number;
  }): Promise<ActAnswer>;
  list(input: {
    readonly userId: string;
    readonly roles: readonly Role[];
    readonly at: number;
  }): Promise<readonly ActAnswer[]>;
  /** Ends what nobody decided in time, each with its row of the log. */
  lapse(input: { readonly at: number }): Promise<number>;
}
