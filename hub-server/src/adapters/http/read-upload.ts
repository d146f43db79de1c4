/** One file of a multipart form, whole: photos and recordings are small. Refuses: another field, and by its own code a file too large. */
import { CodedError, type ErrorCode } from '@hailong/shared/errors.ts';
import type { FastifyRequest } from 'fastify';
import { isTooLarge } from './problems.ts';

export async function readUpload(
  request: FastifyRequest,
  field: string,
  tooLarge: ErrorCode,
): Promise<Uint8Array> {
  if (!request.isMultipart()) throw new CodedError('request.invalid', field);
  try {
    const file = await request.file();
    if (file?.fieldname !== field) throw new CodedError('request.invalid', field);
    return await file.toBuffer();
  } catch (error) {
    if (isTooLarge(error)) throw new CodedError(tooLarge, 'too large');
    throw error;
  }
}
