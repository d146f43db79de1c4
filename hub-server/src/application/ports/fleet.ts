/** Storage of what is wrong with kiosks: alarms that are open, what an office wants to be alarmed about, one page of kiosks. */
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import type { AlarmCode, FleetRule } from '../../domain/fleet/fleet-alarms.ts';

export type FleetState = 'all' | 'critical' | 'attention' | 'well' | 'revoked';

export interface FleetQuestion {
  readonly state: FleetState;
  /** With this alarm open; null: any or none. */
  readonly code: string | null;
  /** In the counter's number or name, the unit's name, or at the beginning of the device's id. */
  readonly text: string;
  readonly offset: number;
  readonly limit: number;
}

export interface OpenAlarm {
  readonly code: AlarmCode;
  readonly severity: 1 | 2;
  readonly detail: string;
  readonly openedAt: number;
  readonly acknowledgedAt: number | null;
  readonly acknowledgedBy: string | null;
}

export interface FleetRow {
  readonly device: string;
  readonly counterId: string;
  readonly counter: string;
  readonly counterName: string;
  readonly unit: string;
  readonly enrolledAt: number;
  readonly revokedAt: number | null;
  readonly lastSeenAt: number | null;
  readonly build: string;
  /** Last deviceStatus as JSON. */
  readonly status: string | null;
  /** The revision its counter is to have. */
  readonly wantedRevision: number;
  /** It has said that this one is in force there. */
  readonly confirmed: boolean;
  readonly alarms: readonly OpenAlarm[];
}

/** Kiosks that serve: of each counter the newest, unless it is revoked. */
export type KioskChoice =
  | { readonly kind: 'device'; readonly device: string }
  | { readonly kind: 'counter'; readonly counterId: string }
  /** Of a rollout's group, from 1. */
  | { readonly kind: 'group'; readonly stage: number }
  | { readonly kind: 'all' };

export interface ChosenKiosk {
  readonly device: string;
  /** Its number; `?`: the counter is gone. */
  readonly counter: string;
}

export interface FleetCounts {
  readonly critical: number;
  readonly attention: number;
  readonly well: number;
  readonly revoked: number;
  /** Open alarms that nobody has acknowledged. */
  readonly unacknowledged: number;
  readonly byCode: readonly { readonly code: AlarmCode; readonly kiosks: number }[];
}

export interface FleetPort {
  page(input: FleetQuestion): Promise<{ readonly rows: readonly FleetRow[]; readonly total: number }>;
  counts(): Promise<FleetCounts>;
  /** Judges every kiosk by the time; answers how many alarms opened or ended. */
  weigh(input: { readonly at: number }): Promise<number>;
  /** False: no such alarm is open. What is latched ends by it. */
  acknowledge(input: {
    readonly device: string;
    readonly code: string;
    readonly by: string;
    readonly at: number;
    readonly audit: AuditEntry;
  }): Promise<boolean>;
  chosen(input: KioskChoice): Promise<readonly ChosenKiosk[]>;
  /** An act on kiosks that changes no row here. */
  noted(input: { readonly audit: AuditEntry }): Promise<null>;
  rule(): Promise<FleetRule>;
  saveRule(input: { readonly rule: FleetRule; readonly audit: AuditEntry }): Promise<null>;
}
