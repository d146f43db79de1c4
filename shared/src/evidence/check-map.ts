/**
 * Whether what the manifest says of cameras that were taken out of the map is what the custody log has of it, and no camera that a row there
 * takes out is left out. Rows of a log from before a restore are in no package, so one that is not here proves nothing (`cameras-stated`).
 * Refuses: by findings. See shared/PROTOCOL.md, "Evidence package".
 */
import { z } from 'zod';
import { parse } from './check-footage-leaves.ts';
import type { CustodyLine } from './custody.ts';
import type { Findings } from './findings.ts';
import type { PackageManifest } from './manifest.ts';

const change = z.object({
  action: z.enum(['camera.mapped', 'camera.unmapped']),
  at: z.int(),
  actor: z.string(),
  object: z.string(),
});

export function checkMap(
  { cameras }: Pick<PackageManifest, 'cameras'>,
  lines: readonly CustodyLine[],
  found: Findings,
): void {
  const changes = lines.flatMap(({ rowText }) => {
    const row = rowText === null ? undefined : change.safeParse(parse(rowText)).data;
    return row === undefined ? [] : [row];
  });
  const named = new Set<string>(cameras.map(({ id }) => `camera:${id}`));
  for (const { action, object } of changes)
    if (action === 'camera.unmapped' && !named.has(object)) found.find('audit.map', object);
  for (const { id, gaps } of cameras)
    for (const { from, reason, unmapped } of gaps) {
      if (unmapped === undefined) continue;
      const then = changes.filter(({ object, at }) => object === `camera:${id}` && at === unmapped.at);
      const isSame = then.length === 0 || then.some(({ actor }) => actor === unmapped.by?.actor);
      if (!isSame || reason !== 'not-configured') found.find('audit.map', `camera ${id} · ${from}`);
    }
}
