/** The office's recordings: list, playback, upload, removal. See hub-server/DESIGN.md, "Voices". */
import { CodedError } from '@hailong/shared/errors.ts';
import { sha256Hex } from '@hailong/shared/ids.ts';
import { type VoicesAnswer, voiceSentence, voicesAnswer } from '@hailong/shared/protocol/voices.ts';
import { z } from 'zod';
import { removeVoice, saveVoice } from '../../../application/directory/save-voice.ts';
import { actorOf } from '../../../domain/access/policy-law.ts';
import { spokenTexts } from '../../../domain/voices/spoken-texts.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';
import { readUpload } from '../read-upload.ts';
import { noContent } from './answers.ts';

export function voiceRoutes(app: App, { parts }: HttpContext): void {
  const { blobs, instruments, voices } = parts.storage;

  app.get(
    '/api/v1/admin/voices',
    { schema: { response: answers(voicesAnswer) } },
    async (): Promise<VoicesAnswer> => {
      const [{ forms, recordings }, settings] = await Promise.all([voices.list(), instruments.settings()]);
      return {
        on: settings.voices,
        forms: forms.map(({ form, used }) => ({
          instrument: { id: form.id, version: form.version },
          ...{ name: form.name, used, sentences: [...spokenTexts(form)] },
        })),
        recordings: [...recordings],
      };
    },
  );
  app.get(
    '/api/v1/admin/voices/:sha256',
    { schema: { params: z.object({ sha256: sha256Hex }) } },
    async (request, reply) => {
      const blob = await blobs.get(request.params.sha256);
      if (!blob?.mediaType.startsWith('audio/')) throw new CodedError('request.not_found');
      return reply.type(blob.mediaType).header('cache-control', 'no-store').send(Buffer.from(blob.bytes));
    },
  );
  app.put(
    '/api/v1/admin/voices',
    {
      schema: {
        querystring: voiceSentence,
        consumes: ['multipart/form-data'],
        response: answers(noContent, 204),
      },
    },
    async (request, reply) => {
      const actor = actorOf(callerOf(request, 'user'));
      const bytes = await readUpload(request, 'voice', 'voice.invalid');
      await saveVoice(parts, { ...request.query, bytes, actor });
      return reply.code(204).send(null);
    },
  );
  app.delete(
    '/api/v1/admin/voices',
    { schema: { querystring: voiceSentence, response: answers(noContent, 204) } },
    async (request, reply) => {
      await removeVoice(parts, { ...request.query, actor: actorOf(callerOf(request, 'user')) });
      return reply.code(204).send(null);
    },
  );
}
