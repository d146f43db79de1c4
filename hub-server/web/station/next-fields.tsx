/** Stage and procedure proposed for the next transaction; remembered, so that they are chosen once a morning. */
import type { StationAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { useText } from '../common/lang.ts';
import { words } from '../common/words.ts';
import { type Proposal, STAGES } from './remembered.ts';
import { stationText } from './text.ts';

export function NextFields({
  procedures,
  proposal,
  onChange,
}: {
  procedures: StationAnswer['procedures'];
  proposal: Proposal;
  onChange: (next: Proposal) => void;
}): ReactNode {
  const text = useText(stationText);
  const common = useText(words);
  const offered = procedures.filter((each) => each.active || each.code === proposal.procedureCode);
  return (
    <div className="next-fields">
      <select
        aria-label={text.stage}
        value={proposal.stage}
        onChange={(event) => {
          const stage = STAGES.find((each) => each === event.target.value);
          if (stage) onChange({ ...proposal, stage });
        }}
      >
        {STAGES.map((stage) => (
          <option key={stage} value={stage}>
            {common.stages[stage]}
          </option>
        ))}
      </select>
      <select
        aria-label={text.procedure}
        value={
          offered.some((each) => each.code === proposal.procedureCode) ? (proposal.procedureCode ?? '') : ''
        }
        onChange={(event) =>
          onChange({ ...proposal, procedureCode: event.target.value === '' ? null : event.target.value })
        }
      >
        <option value="">{text.anyProcedure}</option>
        {offered.map((each) => (
          <option key={each.code} value={each.code}>
            {each.name}
          </option>
        ))}
      </select>
    </div>
  );
}
