/**
 * How the officer's own ratings fell, in the blocks that were released; asked for only when the officer opens it. The rule is
 * said always and the same, so that a week without a block says nothing. See hub-server/DESIGN.md, "Own totals".
 */
import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import type { OwnTotalsAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { Face } from '../common/face.tsx';
import { count, date, hm } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { Dialog, Empty, Key, Loading, ProblemNote } from '../common/parts.tsx';
import { useLoad } from '../common/use-load.ts';
import { words } from '../common/words.ts';
import { stationText } from './text.ts';
import { Watched } from './watched.tsx';

const LEVELS: readonly LevelKey[] = [5, 4, 3, 2, 1];
const DAY_MS = 86_400_000;
type Block = OwnTotalsAnswer['blocks'][number];

function BlockFigures({ block }: { block: Block }): ReactNode {
  const text = useText(stationText);
  const common = useText(words);
  const lang = useLang();
  const { from, to, n, levels } = block;
  // A cut is early on a Monday: what it took ended on the Sunday before.
  const end = date(to - DAY_MS);
  const satisfied = levels[5] + levels[4];
  return (
    <section className="block">
      <h3>{from === null ? text.blockTo(end) : text.block(date(from), end)}</h3>
      <p className="muted small">{text.blockShare(count(satisfied, lang), count(n, lang))}</p>
      <ul>
        {LEVELS.map((level) => (
          <li key={level}>
            <Face level={level} size={20} />
            <span>{common.levels[level]}</span>
            <span className="block-bar" aria-hidden="true">
              <span style={{ width: `${(100 * levels[level]) / n}%` }} />
            </span>
            <b>{count(levels[level], lang)}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Blocks(): ReactNode {
  const text = useText(stationText);
  const lang = useLang();
  const { value, problem, loading, reload } = useLoad<OwnTotalsAnswer>('/api/v1/station/totals');
  return (
    <>
      {loading && <Loading />}
      {problem && <ProblemNote problem={problem} retry={() => void reload()} />}
      {value && (
        <>
          <p className="small">
            {text.totalsRule(count(value.minimum, lang), `${hm(value.nextAt)} ${date(value.nextAt)}`)}
          </p>
          {value.blocks.length === 0 && <Empty head={text.totalsNone} />}
          {value.blocks.map((block) => (
            <BlockFigures key={block.to} block={block} />
          ))}
        </>
      )}
    </>
  );
}

export function Totals(): ReactNode {
  const text = useText(stationText);
  const common = useText(words);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Key className="key-link totals-key" label={text.totals} onPress={() => setOpen(true)}>
        {text.totalsShort}
      </Key>
      {open && (
        <Dialog title={text.totals} onClose={() => setOpen(false)}>
          <Blocks />
          <Watched />
          <Key onPress={() => setOpen(false)}>{common.close}</Key>
        </Dialog>
      )}
    </>
  );
}
