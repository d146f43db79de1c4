/** Administration of forms, where they are asked, what kiosks offer, reasons. See hub-server/DESIGN.md, "Instruments". */
import { CodedError } from '@hailong/shared/errors.ts';
import { lastMonth } from '@hailong/shared/model/counter-config.ts';
import { instrument as instrumentForm } from '@hailong/shared/model/instrument.ts';
import { month, savedAnswer } from '@hailong/shared/protocol/http.ts';
import {
  type InstrumentsAnswer,
  instrumentsAnswer,
  instrumentVersion,
  kioskSettings,
  officeReasons,
  savedInstrument,
  saveInstrument as saveForm,
  saveReasons as saveReasonsForm,
  saveUse as useForm,
} from '@hailong/shared/protocol/instruments.ts';
import { type UtcMs, vietnamMonthBounds } from '@hailong/shared/time.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  saveInstrument,
  saveKioskSettings,
  saveReasons,
  saveUse,
} from '../../../application/directory/save-instrument.ts';
import { actorOf } from '../../../domain/access/policy-law.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';

const byId = z.object({ id: instrumentForm.shape.id });

export function instrumentRoutes(app: App, { parts }: HttpContext): void {
  const { instruments } = parts.storage;
  const by = (request: FastifyRequest) => actorOf(callerOf(request, 'user'));

  app.get(
    '/api/v1/admin/instruments',
    { schema: { response: answers(instrumentsAnswer) } },
    async (): Promise<InstrumentsAnswer> => {
      const { forms, versions, uses } = await instruments.list();
      return {
        items: forms.map((form) => ({
          instrument: form,
          versions: versions
            .filter(({ id }) => id === form.id)
            .map(({ version, since }) => ({ version, since: since as UtcMs })),
        })),
        uses: uses.map((use) => ({ ...use, from: use.from as UtcMs })),
      };
    },
  );
  app.get(
    '/api/v1/admin/instruments/:id/:version',
    { schema: { params: instrumentVersion, response: answers(instrumentForm) } },
    async (request) => {
      const form = await instruments.version(request.params);
      if (!form) throw new CodedError('request.not_found');
      return form;
    },
  );
  app.put(
    '/api/v1/admin/instruments/:id',
    { schema: { params: byId, body: saveForm, response: answers(savedInstrument) } },
    async (request) => saveInstrument(parts, { id: request.params.id, ...request.body, actor: by(request) }),
  );
  app.put(
    '/api/v1/admin/instrument-uses',
    { schema: { body: useForm, response: answers(savedAnswer) } },
    async (request) => {
      const { instrument, ...place } = request.body;
      await saveUse(parts, { place, instrument, actor: by(request) });
      return { id: `${place.counterId ?? ''}/${place.procedureCode ?? ''}/${place.stage ?? ''}` };
    },
  );
  app.get('/api/v1/admin/kiosk-settings', { schema: { response: answers(kioskSettings) } }, async () =>
    instruments.settings(),
  );
  app.put(
    '/api/v1/admin/kiosk-settings',
    { schema: { body: kioskSettings, response: answers(kioskSettings) } },
    async (request) => {
      await saveKioskSettings(parts, { settings: request.body, actor: by(request) });
      return request.body;
    },
  );
  app.get(
    '/api/v1/admin/month-cases',
    { schema: { querystring: z.object({ month }), response: answers(lastMonth) } },
    async ({ query }) => ({
      month: query.month,
      ...(await parts.storage.cases.received(vietnamMonthBounds(query.month))),
    }),
  );
  app.get('/api/v1/admin/reasons', { schema: { response: answers(officeReasons) } }, async () => ({
    reasons: [...(await instruments.reasons())],
  }));
  app.put(
    '/api/v1/admin/reasons',
    { schema: { body: saveReasonsForm, response: answers(officeReasons) } },
    async (request) => {
      await saveReasons(parts, { ...request.body, actor: by(request) });
      return { reasons: request.body.reasons };
    },
  );
}
