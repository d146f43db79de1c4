/** Administration: lists and forms. Passwords, PINs, keys and codes go in or are shown once; no list returns them. */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CounterId } from '@hailong/shared/ids.ts';
import { officeSettings } from '@hailong/shared/model/directory.ts';
import {
  adminLists,
  apiKeyAnswer,
  apiKeyRequest,
  auditAnswer,
  saveCamera as cameraForm,
  saveCounter as counterForm,
  enrolCodeAnswer,
  enrolCodeRequest,
  saveOfficer as officerForm,
  probeRequest,
  probeResult,
  saveProcedure as procedureForm,
  savedAnswer,
  saveUnit as unitForm,
  saveUser as userForm,
} from '@hailong/shared/protocol/http.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  saveCamera,
  saveCounter,
  saveOffice,
  saveOfficer,
  saveProcedure,
  saveUnit,
  saveUser,
} from '../../../application/directory/save-directory.ts';
import { createApiKey, issueEnrolCode } from '../../../application/kiosks/enrol.ts';
import { actorOf } from '../../../domain/access/policy-law.ts';
import { readCameraAddress } from '../../../domain/directory/camera-address.ts';
import { drawQr } from '../../qr-code.ts';
import { type App, answers, callerOf, type HttpContext } from '../context.ts';
import { byId, noContent } from './answers.ts';

const AUDIT_PAGE = 100;
/** A station that asked within this time is shown as connected: its page keeps a socket that asks again. */
const STATION_ONLINE_MS = 3 * 60_000;

export function adminRoutes(app: App, { parts, sockets }: HttpContext): void {
  const { storage, core, recorder } = parts;
  const { directory, access } = storage;
  const by = (request: FastifyRequest) => actorOf(callerOf(request, 'user'));

  app.get('/api/v1/admin/units', { schema: { response: answers(adminLists.units) } }, async () => ({
    items: [...(await directory.units())],
  }));
  app.get('/api/v1/admin/officers', { schema: { response: answers(adminLists.officers) } }, async () => ({
    items: [...(await directory.officers())],
  }));
  app.get('/api/v1/admin/counters', { schema: { response: answers(adminLists.counters) } }, async () => ({
    items: [...(await directory.counters())],
  }));
  app.get('/api/v1/admin/procedures', { schema: { response: answers(adminLists.procedures) } }, async () => ({
    items: [...(await directory.procedures())],
  }));
  app.get('/api/v1/admin/cameras', { schema: { response: answers(adminLists.cameras) } }, async () => {
    const states = recorder.states();
    const standings = await parts.storage.cameras.standings({ at: parts.clock.now() });
    const items = (await directory.cameras()).map((each) => ({
      ...each,
      live: states.find(({ camera }) => camera === each.id) ?? null,
      standing: standings[each.id] ?? null,
    }));
    return { items };
  });
  app.get('/api/v1/admin/users', { schema: { response: answers(adminLists.users) } }, async () => ({
    items: (await access.users()).map((each) => ({ ...each, roles: [...each.roles] })),
  }));
  app.get('/api/v1/admin/devices', { schema: { response: answers(adminLists.devices) } }, async () => {
    const now = parts.clock.now();
    const kiosks = (await core.devices()).map(({ deviceId, ...each }) => ({
      ...each,
      id: deviceId,
      kind: 'kiosk' as const,
      enrolledAt: each.enrolledAt as UtcMs,
      revokedAt: each.revokedAt as UtcMs | null,
      lastSeenAt: each.lastSeenAt as UtcMs | null,
    }));
    const stations = (await access.stations()).map((each) => ({
      ...each,
      kind: 'station' as const,
      enrolledAt: each.enrolledAt as UtcMs,
      revokedAt: each.revokedAt as UtcMs | null,
      lastSeenAt: each.lastSeenAt as UtcMs | null,
      online: each.revokedAt === null && now - (each.lastSeenAt ?? 0) < STATION_ONLINE_MS,
      unsynced: 0,
      panel: 'none',
      build: '',
    }));
    return { items: [...kiosks, ...stations] };
  });
  app.get('/api/v1/admin/api-keys', { schema: { response: answers(adminLists.apiKeys) } }, async () => ({
    items: (await access.apiKeys()).map((each) => ({
      ...each,
      counterIds: each.counterIds as CounterId[] | null,
      createdAt: each.createdAt as UtcMs,
      revokedAt: each.revokedAt as UtcMs | null,
    })),
  }));

  const saved = { response: answers(savedAnswer) };
  const created = { response: answers(savedAnswer, 201) };

  app.post('/api/v1/admin/units', { schema: { body: unitForm, ...created } }, async (request, reply) => {
    const id = await saveUnit(parts, { id: null, value: request.body, actor: by(request) });
    return reply.code(201).send({ id });
  });
  app.put(
    '/api/v1/admin/units/:id',
    { schema: { params: byId, body: unitForm, ...saved } },
    async (request) => ({
      id: await saveUnit(parts, { id: request.params.id, value: request.body, actor: by(request) }),
    }),
  );
  app.post(
    '/api/v1/admin/officers',
    { schema: { body: officerForm, ...created } },
    async (request, reply) => {
      const id = await saveOfficer(parts, { id: null, value: request.body, actor: by(request) });
      return reply.code(201).send({ id });
    },
  );
  app.put(
    '/api/v1/admin/officers/:id',
    { schema: { params: byId, body: officerForm, ...saved } },
    async (request) => ({
      id: await saveOfficer(parts, { id: request.params.id, value: request.body, actor: by(request) }),
    }),
  );
  app.post(
    '/api/v1/admin/counters',
    { schema: { body: counterForm, ...created } },
    async (request, reply) => {
      const id = await saveCounter(parts, { id: null, value: request.body, actor: by(request) });
      return reply.code(201).send({ id });
    },
  );
  app.put(
    '/api/v1/admin/counters/:id',
    { schema: { params: byId, body: counterForm, ...saved } },
    async (request) => ({
      id: await saveCounter(parts, { id: request.params.id, value: request.body, actor: by(request) }),
    }),
  );
  app.post(
    '/api/v1/admin/procedures',
    { schema: { body: procedureForm, ...created } },
    async (request, reply) => {
      const id = await saveProcedure(parts, { id: null, value: request.body, actor: by(request) });
      return reply.code(201).send({ id });
    },
  );
  app.put(
    '/api/v1/admin/procedures/:id',
    { schema: { params: byId, body: procedureForm, ...saved } },
    async (request) => ({
      id: await saveProcedure(parts, { id: request.params.id, value: request.body, actor: by(request) }),
    }),
  );
  app.post('/api/v1/admin/cameras', { schema: { body: cameraForm, ...created } }, async (request, reply) => {
    const id = await saveCamera(parts, { id: null, value: request.body, actor: by(request) });
    return reply.code(201).send({ id });
  });
  app.put(
    '/api/v1/admin/cameras/:id',
    { schema: { params: byId, body: cameraForm, ...saved } },
    async (request) => ({
      id: await saveCamera(parts, { id: request.params.id, value: request.body, actor: by(request) }),
    }),
  );
  app.post(
    '/api/v1/admin/cameras/probe',
    { schema: { body: probeRequest, response: answers(probeResult) } },
    async (request) => {
      const { address, user, password, via = null } = request.body;
      const read = readCameraAddress(address);
      if (!read.ok) throw new CodedError('camera.address');
      const result = await recorder.probe({ address: read.address, user, password, via });
      if (!result) throw new CodedError('footage.recorder_away');
      return result;
    },
  );
  app.post('/api/v1/admin/users', { schema: { body: userForm, ...created } }, async (request, reply) => {
    const id = await saveUser(parts, { id: null, value: request.body, actor: by(request) });
    return reply.code(201).send({ id });
  });
  app.put(
    '/api/v1/admin/users/:id',
    { schema: { params: z.object({ id: z.uuid() }), body: userForm, ...saved } },
    async (request) => ({
      id: await saveUser(parts, { id: request.params.id, value: request.body, actor: by(request) }),
    }),
  );

  app.post(
    '/api/v1/admin/enrol-codes',
    { schema: { body: enrolCodeRequest, response: answers(enrolCodeAnswer, 201) } },
    async (request, reply) => {
      const { counterId, kind, replaces = null } = request.body;
      // Whoever asks here does not stand at the kiosk: its fingerprint is compared before it is let in.
      const issued = await issueEnrolCode(parts, {
        counterId,
        kind,
        replaces,
        asks: true,
        actor: by(request),
      });
      return reply.code(201).send({ ...issued, qr: drawQr(issued.code) });
    },
  );
  app.post(
    '/api/v1/admin/devices/:id/revoke',
    { schema: { params: byId, response: answers(savedAnswer) } },
    async (request) => {
      const { id } = request.params;
      const at = parts.clock.now();
      const actor = by(request);
      const { revoked, ended } = await access.revokeStation({
        stationId: id,
        at,
        audit: { at, actor, action: 'station.revoked', object: `station:${id}`, reason: null },
      });
      if (revoked) sockets.end([...ended, `station:${id}`]);
      else if (await core.revokeDevice(id))
        await access.record({
          audit: { at, actor, action: 'device.revoked', object: `device:${id}`, reason: null },
        });
      else throw new CodedError('request.not_found');
      return { id };
    },
  );
  app.post(
    '/api/v1/admin/api-keys',
    { schema: { body: apiKeyRequest, response: answers(apiKeyAnswer, 201) } },
    async (request, reply) => {
      const { name, counterIds, readsRatings } = request.body;
      const key = await createApiKey(parts, {
        ...{ name, counterIds: counterIds ?? null, readsRatings: readsRatings ?? false },
        actor: by(request),
      });
      return reply.code(201).send(key);
    },
  );
  app.delete(
    '/api/v1/admin/api-keys/:id',
    { schema: { params: byId, response: answers(noContent, 204) } },
    async (request, reply) => {
      const { id } = request.params;
      const at = parts.clock.now();
      const audit = {
        at,
        actor: by(request),
        action: 'api_key.revoked',
        object: `api-key:${id}`,
        reason: null,
      } as const;
      if (!(await access.revokeApiKey({ id, at, audit }))) throw new CodedError('request.not_found');
      return reply.code(204).send(null);
    },
  );

  app.get('/api/v1/admin/office', { schema: { response: answers(officeSettings) } }, async () => {
    const held = await directory.office();
    if (!held) throw new CodedError('request.not_found');
    return held;
  });
  app.put(
    '/api/v1/admin/office',
    { schema: { body: officeSettings, response: answers(officeSettings) } },
    async (request) => {
      await saveOffice(parts, { value: request.body, actor: by(request) });
      return request.body;
    },
  );
  app.get(
    '/api/v1/admin/audit',
    {
      schema: {
        querystring: z.object({ before: z.coerce.number().int().min(1).optional() }),
        response: answers(auditAnswer),
      },
    },
    async (request) => {
      const { userId: readerId } = callerOf(request, 'user');
      const rows = await access.audit({
        ...{ before: request.query.before ?? null, limit: AUDIT_PAGE + 1, readerId },
      });
      return {
        rows: rows.slice(0, AUDIT_PAGE).map((row) => ({ ...row, at: row.at as UtcMs })),
        more: rows.length > AUDIT_PAGE,
      };
    },
  );
}
