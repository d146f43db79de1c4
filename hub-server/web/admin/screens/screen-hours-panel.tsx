/** When kiosks' screens are lit: for the office, with exceptions of units and counters, and the days it is closed. */
import type {
  ClosedDay,
  HoursException,
  ScreenHoursSettings,
} from '@hailong/shared/protocol/screen-hours.ts';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useText } from '../../common/lang.ts';
import { Field, Key, Loading, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import type { AdminLists } from '../../common/wire.ts';
import { DaysField, OpenFields, type WeekHours } from '../fields/hours-fields.tsx';
import { hoursText } from '../fields/hours-text.ts';
import { SaveFoot } from '../fields/save-foot.tsx';
import { useSave } from '../fields/use-save.ts';

const PATH = '/api/v1/admin/screen-hours';
/** Monday to Friday, 07:30 to 17:00: what most offices write on their door. */
const USUAL: WeekHours = { opensMin: 450, closesMin: 1_020, days: 0b0011111 };

/** A place that may have hours of its own. */
interface Place {
  readonly key: string;
  readonly name: string;
  readonly at: Pick<HoursException, 'unitId' | 'counterId'>;
}
const keyOf = ({ unitId, counterId }: Place['at']): string => counterId ?? unitId ?? '';

export function ScreenHoursPanel(): ReactNode {
  const text = useText(hoursText);
  const held = useLoad<ScreenHoursSettings>(PATH);
  const units = useLoad<AdminLists['units']>('/api/v1/admin/units');
  const counters = useLoad<AdminLists['counters']>('/api/v1/admin/counters');
  const problem = held.problem ?? units.problem ?? counters.problem;
  const retry = (): void => {
    for (const each of [held, units, counters]) void each.reload();
  };
  const places: Place[] | null = units.value &&
    counters.value && [
      ...units.value.items.map(({ id, name }) => ({
        ...{ key: id, name: text.unit(name), at: { unitId: id, counterId: null } },
      })),
      ...counters.value.items.map(({ id, number }) => ({
        ...{ key: id, name: text.counter(number), at: { unitId: null, counterId: id } },
      })),
    ];
  return (
    <section className="panel admin-card">
      <h2>{text.head}</h2>
      <p className="hint">{text.why}</p>
      {problem && <ProblemNote problem={problem} retry={retry} />}
      {(held.loading || units.loading || counters.loading) && <Loading />}
      {held.value && places && <HoursForm held={held.value} places={places} />}
    </section>
  );
}

function HoursForm({ held, places }: { held: ScreenHoursSettings; places: readonly Place[] }): ReactNode {
  const text = useText(hoursText);
  const saving = useSave(PATH);
  const [settings, setSettings] = useState(held);
  useEffect(() => setSettings(held), [held]);
  const set = (change: Partial<ScreenHoursSettings>): void => {
    saving.touched();
    setSettings({ ...settings, ...change });
  };
  const { office, exceptions, closedDays } = settings;
  return (
    <form onSubmit={(event) => void saving.submit(event, settings)}>
      <label className="check">
        <input
          type="checkbox"
          checked={office !== null}
          onChange={(event) => set({ office: event.target.checked ? USUAL : null })}
        />
        {text.on}
      </label>
      {office && (
        <div className="hours">
          <div className="edit-times">
            <OpenFields value={office} onChange={(change) => set({ office: { ...office, ...change } })} />
          </div>
          <DaysField days={office.days} onChange={(change) => set({ office: { ...office, ...change } })} />
        </div>
      )}
      <Exceptions {...{ exceptions, places }} onChange={(next) => set({ exceptions: next })} />
      <ClosedDays days={closedDays} onChange={(next) => set({ closedDays: next })} />
      <SaveFoot saving={saving} done={text.saved} />
    </form>
  );
}

function Exceptions({
  exceptions,
  places,
  onChange,
}: {
  exceptions: readonly HoursException[];
  places: readonly Place[];
  onChange: (next: HoursException[]) => void;
}): ReactNode {
  const text = useText(hoursText);
  const taken = new Set(exceptions.map(keyOf));
  const free = places.filter(({ key }) => !taken.has(key));
  const change = (key: string, what: Partial<HoursException>): void =>
    onChange(exceptions.map((each) => (keyOf(each) === key ? { ...each, ...what } : each)));
  return (
    <fieldset className="edit-part">
      <legend>{text.exceptions}</legend>
      <p className="hint">{exceptions.length === 0 ? text.noExceptions : text.exceptionsWhy}</p>
      {exceptions.map((each) => {
        const key = keyOf(each);
        const name = places.find((place) => place.key === key)?.name ?? key;
        const { hours } = each;
        return (
          <fieldset className="hours hours-own" key={key} aria-label={name}>
            <div className="edit-times">
              <Field label={text.place}>
                {(tied) => (
                  <select
                    {...{ ...tied, value: key }}
                    onChange={(event) => {
                      const to = places.find((place) => place.key === event.target.value);
                      if (to) change(key, to.at);
                    }}
                  >
                    {places
                      .filter((place) => place.key === key || !taken.has(place.key))
                      .map((place) => (
                        <option key={place.key} value={place.key}>
                          {place.name}
                        </option>
                      ))}
                  </select>
                )}
              </Field>
              <Field label={text.how}>
                {(tied) => (
                  <select
                    {...{ ...tied, value: hours ? 'own' : 'lit' }}
                    onChange={(event) => change(key, { hours: event.target.value === 'own' ? USUAL : null })}
                  >
                    <option value="own">{text.own}</option>
                    <option value="lit">{text.lit}</option>
                  </select>
                )}
              </Field>
              <Key
                className="key-link"
                label={text.removeOf(name)}
                onPress={() => onChange(exceptions.filter((other) => other !== each))}
              >
                {text.remove}
              </Key>
              {hours && (
                <OpenFields
                  value={hours}
                  onChange={(what) => change(key, { hours: { ...hours, ...what } })}
                />
              )}
            </div>
            {hours && (
              <DaysField
                days={hours.days}
                onChange={(what) => change(key, { hours: { ...hours, ...what } })}
              />
            )}
          </fieldset>
        );
      })}
      {free[0] && (
        <div className="keys">
          <Key onPress={() => free[0] && onChange([...exceptions, { ...free[0].at, hours: USUAL }])}>
            {text.add}
          </Key>
        </div>
      )}
    </fieldset>
  );
}

function ClosedDays({
  days,
  onChange,
}: {
  days: readonly ClosedDay[];
  onChange: (next: ClosedDay[]) => void;
}): ReactNode {
  const text = useText(hoursText);
  const change = (at: number, what: Partial<ClosedDay>): void =>
    onChange(days.map((each, n) => (n === at ? { ...each, ...what } : each)));
  return (
    <fieldset className="edit-part">
      <legend>{text.closedDays}</legend>
      <p className="hint">{days.length === 0 ? text.noClosedDays : text.closedWhy}</p>
      {days.map((day, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a day has no other name while its date is typed
        <div className="closed-day" key={at}>
          <Field label={text.date}>
            {(tied) => (
              <input
                {...{ ...tied, type: 'date', required: true, value: day.date }}
                onChange={(event) => change(at, { date: event.target.value })}
              />
            )}
          </Field>
          <Field label={text.name}>
            {(tied) => (
              <input
                {...{ ...tied, value: day.name, maxLength: 80 }}
                onChange={(event) => change(at, { name: event.target.value })}
              />
            )}
          </Field>
          <Key
            className="key-link"
            label={text.removeOf(day.name || day.date)}
            onPress={() => onChange(days.filter((other) => other !== day))}
          >
            {text.remove}
          </Key>
        </div>
      ))}
      <div className="keys">
        <Key onPress={() => onChange([...days, { date: '', name: '' }])}>{text.addDay}</Key>
      </div>
    </fieldset>
  );
}
