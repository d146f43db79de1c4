/**
 * Who hears that cameras or what they see have changed, whichever way it came about: the recorder of cameras, holds and reports, the
 * kiosks, whose notice says whether a camera sees their counter and for how long that is kept.
 */
import type { AdminParts } from '../web-parts.ts';

export async function tellCameras(parts: Pick<AdminParts, 'told'>): Promise<void> {
  await parts.told?.recorder.camerasChanged();
  await tellMaps(parts);
}

export async function tellMaps({ told }: Pick<AdminParts, 'told'>): Promise<void> {
  await told?.recorder.holdsKept();
  await told?.core.directoryChanged();
}
