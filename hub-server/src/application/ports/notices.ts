/** Storage of notices on kiosks at rest. */
import type { HeldNotice } from '@hailong/shared/protocol/notices.ts';
import type { Who } from './instruments.ts';

export interface NoticesPort {
  /** In their order; units that were removed since are left out. */
  list(): Promise<readonly HeldNotice[]>;
  /**
   * Whole, a row of the log for each that changed. `conflict`: others are held than `base`; `unknown`: no such unit.
   */
  save(
    input: Who & { readonly base: readonly string[]; readonly notices: readonly HeldNotice[] },
  ): Promise<'saved' | 'conflict' | 'unknown'>;
}
