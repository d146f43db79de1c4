/**
 * Purpose: people and places by form: each verb saves one and tells whom it concerns: kiosks that show the officer,
 * kiosks of the office, the recorder. The command line uses the same verbs.
 * Refuses: a code in use, a reference that does not exist, an address that is none, a photo that is none.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CameraId, CounterId, OfficerId, Sha256Hex, UnitId } from '@hailong/shared/ids.ts';
import type {
  Camera,
  Counter,
  Officer,
  OfficeSettings,
  Procedure,
  Unit,
} from '@hailong/shared/model/directory.ts';
import type { Role } from '@hailong/shared/protocol/http.ts';
import type { AuditAction, AuditEntry } from '../../domain/audit/audit-entry.ts';
import { readCameraAddress } from '../../domain/directory/camera-address.ts';
import { photoType } from '../../domain/directory/photo-type.ts';
import type { AdminParts } from '../web-parts.ts';
import { tellCameras } from './tell-cameras.ts';

/** `id` null creates. */
export interface SaveInput<T> {
  readonly id: string | null;
  readonly value: T;
  readonly actor: string;
  readonly demo?: boolean;
}

function entry(
  parts: AdminParts,
  actor: string,
  action: AuditAction,
  object: string,
  body: unknown,
): AuditEntry {
  return { at: parts.clock.now(), actor, action, object, reason: null, body };
}

function check(result: 'saved' | 'taken' | 'gone' | 'last-admin' | 'no-unit' | 'no-counter'): void {
  switch (result) {
    case 'saved':
      return;
    case 'taken':
      throw new CodedError('request.conflict', 'taken');
    case 'last-admin':
      throw new CodedError('access.last_admin');
    case 'gone':
      throw new CodedError('request.not_found');
    default:
      throw new CodedError('reference.unknown', result);
  }
}

const directoryChanged = async (parts: AdminParts) => parts.told?.core.directoryChanged();

export async function saveOffice(
  parts: AdminParts,
  input: { value: OfficeSettings; actor: string },
): Promise<void> {
  const audit = entry(parts, input.actor, 'office.saved', 'office', input.value);
  await parts.storage.directory.saveOffice({ office: input.value, audit });
  await directoryChanged(parts);
}

export async function saveUnit(parts: AdminParts, input: SaveInput<Omit<Unit, 'id'>>): Promise<UnitId> {
  const id = (input.id ?? parts.secrets.id()) as UnitId;
  const audit = entry(parts, input.actor, 'unit.saved', `unit:${id}`, input.value);
  const unit = { id, ...input.value };
  check(
    await parts.storage.directory.saveUnit({
      unit,
      create: input.id === null,
      demo: input.demo ?? false,
      audit,
    }),
  );
  await directoryChanged(parts);
  if (parts.told && input.id !== null)
    for (const officer of await parts.storage.directory.officers())
      if (officer.unitId === id) await parts.told.core.officerChanged(officer.id);
  return id;
}

export async function saveOfficer(
  parts: AdminParts,
  input: SaveInput<Omit<Officer, 'id' | 'photo'> & { readonly pin?: string | undefined }>,
): Promise<OfficerId> {
  const id = (input.id ?? parts.secrets.id()) as OfficerId;
  const { pin, ...value } = input.value;
  const pinHash = pin === undefined ? null : await parts.hasher.hash(pin);
  const body = { ...value, pinChanged: pin !== undefined };
  const { result, ended } = await parts.storage.directory.saveOfficer({
    officer: { id, ...value },
    pinHash,
    create: input.id === null,
    demo: input.demo ?? false,
    audit: entry(parts, input.actor, 'officer.saved', `officer:${id}`, body),
  });
  check(result);
  parts.told?.sessionsEnded(ended);
  if (input.id !== null) await parts.told?.core.officerChanged(id);
  return id;
}

export async function setPhoto(
  parts: AdminParts,
  input: { id: string; bytes: Uint8Array; actor: string },
): Promise<Sha256Hex> {
  const mediaType = photoType(input.bytes);
  if (!mediaType) throw new CodedError('photo.invalid');
  const at = parts.clock.now();
  const photo = (await parts.storage.blobs.put({ mediaType, bytes: input.bytes, at })) as Sha256Hex;
  const id = input.id as OfficerId;
  const audit = entry(parts, input.actor, 'officer.photo', `officer:${id}`, { photo });
  if (!(await parts.storage.directory.setPhoto({ id, photo, audit })))
    throw new CodedError('request.not_found');
  await parts.told?.core.officerChanged(id);
  return photo;
}

export async function saveCounter(
  parts: AdminParts,
  input: SaveInput<Omit<Counter, 'id'>>,
): Promise<CounterId> {
  const id = (input.id ?? parts.secrets.id()) as CounterId;
  const audit = entry(parts, input.actor, 'counter.saved', `counter:${id}`, input.value);
  const counter = { id, ...input.value };
  check(
    await parts.storage.directory.saveCounter({
      counter,
      create: input.id === null,
      demo: input.demo ?? false,
      audit,
    }),
  );
  await directoryChanged(parts);
  return id;
}

export async function saveProcedure(parts: AdminParts, input: SaveInput<Procedure>): Promise<string> {
  const { code } = input.value;
  if (input.id !== null && input.id !== code) throw new CodedError('request.invalid', 'code');
  const audit = entry(parts, input.actor, 'procedure.saved', `procedure:${code}`, input.value);
  const demo = input.demo ?? false;
  check(
    await parts.storage.directory.saveProcedure({
      procedure: input.value,
      create: input.id === null,
      demo,
      audit,
    }),
  );
  await directoryChanged(parts);
  return code;
}

export async function saveCamera(
  parts: AdminParts,
  input: SaveInput<Omit<Camera, 'id'> & { readonly password?: string | undefined }>,
): Promise<CameraId> {
  const id = (input.id ?? parts.secrets.id()) as CameraId;
  const { password, ...value } = input.value;
  const address = readCameraAddress(value.address);
  if (!address.ok) throw new CodedError('camera.address');
  const audit = entry(parts, input.actor, 'camera.saved', `camera:${id}`, {
    ...value,
    address: address.address,
    passwordChanged: password !== undefined,
  });
  check(
    await parts.storage.directory.saveCamera({
      camera: { id, ...value, address: address.address },
      sealedPassword: password === undefined ? null : parts.sealer.seal(password),
      create: input.id === null,
      demo: input.demo ?? false,
      at: audit.at,
      audit,
    }),
  );
  await tellCameras(parts);
  return id;
}

export async function saveUser(
  parts: AdminParts,
  input: SaveInput<{
    readonly username: string;
    readonly name: string;
    readonly roles: readonly Role[];
    readonly active: boolean;
    readonly password?: string | undefined;
  }>,
): Promise<string> {
  const { password, ...value } = input.value;
  if (input.id === null && password === undefined) throw new CodedError('request.invalid', 'password');
  const id = input.id ?? parts.secrets.id();
  const roles = [...new Set(value.roles)].sort();
  const passwordHash = password === undefined ? null : await parts.hasher.hash(password);
  const username = value.username.trim().toLowerCase();
  const { result, ended } = await parts.storage.access.saveUser({
    user: {
      id,
      username,
      name: value.name,
      roles,
      active: value.active,
      passwordHash,
      demo: input.demo ?? false,
    },
    create: input.id === null,
    audit: entry(parts, input.actor, 'user.saved', `user:${id}`, {
      ...value,
      username,
      passwordChanged: password !== undefined,
    }),
  });
  check(result);
  parts.told?.sessionsEnded(ended);
  return id;
}
