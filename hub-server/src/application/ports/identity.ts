/** What makes this data this hub's, and the instruments its kiosks show. */
import type { Instrument } from '@hailong/shared/model/instrument.ts';

export interface HubIdentity {
  /** Label of this storage; it changes when it was restored. */
  readonly lineage: string;
  /** Raw Ed25519 public keys, base64url. */
  readonly hubKey: string;
  readonly recoveryKey: string;
  /** X25519 public key derived from the recovery key: backups hold keys only sealed to it. Absent in data made before. */
  readonly recoveryBox?: string | undefined;
  /** The recovery key's signature over hub key and box: by it a restore knows the hub's key from a forged one. */
  readonly charter?: string | undefined;
}
export interface IdentityPort {
  identity(): Promise<HubIdentity | null>;
  /** Once per data folder; answers what is held. */
  establish(input: {
    readonly identity: HubIdentity;
    readonly instrument: Instrument;
    readonly at: number;
  }): Promise<HubIdentity>;
  /** Adds box and charter to data made before they existed; answers what is held then. */
  charter(input: { readonly recoveryBox: string; readonly charter: string }): Promise<HubIdentity | null>;
  /** Grows whenever what a kiosk's screen needs has changed. */
  directoryRevision(): Promise<number>;
}
