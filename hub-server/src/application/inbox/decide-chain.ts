/** Two people decide whether the facts of a suspended epoch count. The latest decision stands; it is a fact itself. */
import { CodedError } from '@hailong/shared/errors.ts';
import { deviceNamed } from '../kiosks/decide-device.ts';
import type { AdminParts } from '../web-parts.ts';

export async function decideChain(
  parts: AdminParts,
  input: {
    readonly device: string;
    readonly epoch: string;
    readonly counted: boolean;
    readonly reason: string;
    readonly by: readonly string[];
  },
): Promise<Record<string, unknown>> {
  const { storage, own } = parts;
  const { id, counterId } = await deviceNamed(parts, input.device);
  const done = await storage.ownChain.decide({ writer: own.writer(), ...input, device: id });
  if (!done) throw new CodedError('reference.unknown', `epoch ${input.epoch}`);
  own.stated();
  await parts.told?.core.counterTaken(counterId);
  const { epoch, counted, by, reason } = input;
  return { event: 'decided', device: id, epoch, counted, standing: done.standing, by, reason };
}
