/** Pages of a whole group of kiosks, or of all, shown anew. */
import type { ReloadRequest, RolloutAnswer } from '@hailong/shared/protocol/fleet.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useText } from '../../common/lang.ts';
import { Field } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import { fleetText } from './fleet-text.ts';
import { ReloadKey } from './reload-key.tsx';

const wholeOf = (stage: number): ReloadRequest => (stage === 0 ? { kind: 'all' } : { kind: 'group', stage });

export function ReloadPanel(): ReactNode {
  const text = useText(fleetText);
  const stages = useLoad<RolloutAnswer>('/api/v1/admin/rollout').value?.rule.stages ?? 1;
  const [stage, setStage] = useState(0);
  return (
    <section className="panel admin-card">
      <h2>{text.reloadHead}</h2>
      <p className="hint">{text.reloadWhy}</p>
      <div className="keys fleet-reload-many">
        {stages > 1 && (
          <Field label={text.reloadWhose}>
            {(tied) => (
              <select
                {...{ ...tied, value: stage }}
                onChange={(event) => setStage(Number(event.target.value))}
              >
                {Array.from({ length: stages + 1 }, (_, n) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the number is the group
                  <option key={n} value={n}>
                    {n === 0 ? text.reloadAll : text.reloadGroup(String(n))}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <ReloadKey key={stage} whose={wholeOf(stage)} />
      </div>
    </section>
  );
}
