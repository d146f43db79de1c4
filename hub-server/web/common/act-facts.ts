/** An act in the words of whoever must decide it: what it is about, by names, and everything that was asked with it. */
import type { ActAnswer } from '@hailong/shared/protocol/acts.ts';
import type { ActText } from './act-text.ts';
import { date, dateTime } from './format.ts';
import { spanOf } from './second-person.tsx';

export interface ActFacts {
  /** A case's number, cameras, a counter. */
  readonly what: string;
  readonly more: readonly string[];
}

export function factsOf({ object, body, about }: ActAnswer, text: ActText): ActFacts {
  const { until, legalBasis } = body;
  const span = spanOf({ body: about ?? body });
  const of = object.startsWith('case:') ? [text.ofCase(object.slice('case:'.length))] : [];
  if (about && about.cameras.length > 0) of.push(about.cameras.join(', '));
  if (about?.counter) of.push(text.counter(about.counter.number, about.counter.name));
  const more: string[] = [];
  if (about && about.officers.length > 0) more.push(text.onDuty(about.officers.join(', ')));
  if (span !== null) more.push(span);
  else if (typeof about?.to === 'number') more.push(text.upTo(dateTime(about.to)));
  if (typeof until === 'number') more.push(text.keepUntil(date(until)));
  if (typeof legalBasis === 'string') more.push(text.basis(legalBasis));
  return { what: of.length > 0 ? of.join(' · ') : object, more };
}
