/** Forms of answers that carry no object, and the answer to plain HTTP where only a WebSocket lives. */
import { CodedError } from '@hailong/shared/errors.ts';
import { z } from 'zod';

export const noContent = z.null();
export const byId = z.object({ id: z.string().min(1).max(100) });

export async function socketsOnly(): Promise<never> {
  throw new CodedError('request.not_found', 'WebSocket only');
}
