/**
 * Waits for the device's word on an intent. Refuses: with that word when it is a refusal, and when the intent's time is over.
 * It is asked about again whenever the counter changes, and every second, since an expiry is told by nobody.
 */
import { CodedError, isErrorCode } from '@hailong/shared/errors.ts';
import type { CounterId, IntentId } from '@hailong/shared/ids.ts';
import type { Timers } from '@hailong/shared/time.ts';
import type { HubCore } from '../core-port.ts';

const ASK_EVERY_MS = 1_000;

export async function awaitIntent(
  { core, timers }: { readonly core: Pick<HubCore, 'intent' | 'onCounter'>; readonly timers: Timers },
  at: { readonly counterId: CounterId; readonly intentId: IntentId },
): Promise<void> {
  for (;;) {
    let wake = (): void => undefined;
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const unsubscribe = core.onCounter((id) => id === at.counterId && wake());
    const cancel = timers.after(ASK_EVERY_MS, wake);
    try {
      const status = await core.intent(at.intentId);
      if (!status || status.state === 'accepted') return;
      if (status.state !== 'pending')
        throw new CodedError(isErrorCode(status.code ?? '') ? (status.code as never) : 'intent.expired');
      await woken;
    } finally {
      cancel();
      unsubscribe();
    }
  }
}
