/** Forms of the office, where each is asked, and from here the editor of one; which one stands in the address. */
import type { InstrumentsAnswer } from '@hailong/shared/protocol/instruments.ts';
import type { ReactNode } from 'react';
import { date } from '../../common/format.ts';
import { href, useHash } from '../../common/hash.ts';
import { useLang, useText } from '../../common/lang.ts';
import { Empty, Loading, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import { adminText } from '../text.ts';
import { InstrumentEditor } from './instrument-editor.tsx';
import { instrumentsText } from './instruments-text.ts';
import { UsesPanel } from './uses-panel.tsx';

/** Behind the id: the form is the beginning of another one. */
const COPY = 'copy';

export function InstrumentsSection({ office }: { office: string }): ReactNode {
  const text = useText(instrumentsText);
  const admin = useText(adminText);
  const [, id, how] = useHash();
  const held = useLoad<InstrumentsAnswer>('/api/v1/admin/instruments');
  const found = held.value?.items.find(({ instrument }) => instrument.id === id);
  if (found)
    return (
      <InstrumentEditor
        key={`${id} ${how}`}
        form={found.instrument}
        versions={found.versions.map(({ version }) => version)}
        isCopy={how === COPY}
        office={office}
        reload={held.reload}
      />
    );
  return (
    <>
      <h1>{admin.sections.instruments}</h1>
      <p className="muted">{text.why}</p>
      {held.problem && <ProblemNote problem={held.problem} retry={() => void held.reload()} />}
      <section className="panel list-panel">
        {held.loading && <Loading />}
        {held.value && <FormsTable value={held.value} />}
      </section>
      {held.value && held.value.items.length > 0 && (
        <UsesPanel value={held.value} reload={() => void held.reload()} />
      )}
    </>
  );
}

function FormsTable({ value: { items, uses } }: { value: InstrumentsAnswer }): ReactNode {
  const text = useText(instrumentsText);
  const admin = useText(adminText);
  const lang = useLang();
  if (items.length === 0)
    return (
      <Empty head={text.none}>
        <p>{text.noneNext}</p>
      </Empty>
    );
  return (
    <table className="list list-cards">
      <thead>
        <tr>
          <th>{text.form}</th>
          <th>{text.kind}</th>
          <th className="num">{text.version}</th>
          <th>{text.since}</th>
          <th>{text.places}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {items.map(({ instrument: form, versions }) => (
          <tr key={form.id}>
            <td>
              <b>{form.name[lang]}</b> <span className="muted small">{form.id}</span>
            </td>
            <td data-name={text.kind}>{text.kinds[form.kind ?? 'tap']}</td>
            <td className="num" data-name={text.version}>
              {form.version}
            </td>
            <td data-name={text.since}>{versions[0] ? date(versions[0].since) : ''}</td>
            <td data-name={text.places}>
              {text.placeCount(uses.filter((use) => use.instrument.id === form.id).length)}
            </td>
            <td className="list-act">
              <div className="keys">
                <a
                  className="key key-anchor"
                  href={href('instruments', form.id)}
                  aria-label={admin.changeHead(form.name[lang])}
                >
                  {admin.change}
                </a>
                <a
                  className="key key-anchor"
                  href={href('instruments', form.id, COPY)}
                  aria-label={text.copyOf(form.name[lang])}
                >
                  {text.copy}
                </a>
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
