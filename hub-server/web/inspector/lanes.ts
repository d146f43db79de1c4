/**
 * The timeline's lanes as data: bars, gaps, diamonds, faces, with their labels and the error of each lane's clock.
 * Pure: drawing is lane.tsx. Camera coverage is what the hub says is covered, never what lies between.
 */
import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import type { TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import { hms, hmsMs, plusMinus } from '../common/format.ts';
import type { Lang } from '../common/languages.ts';
import type { Words } from '../common/words.ts';
import { gapSentence } from './gap-sentence.ts';
import type { InspectorText } from './text.ts';
import { servedSpan } from './timeline-scale.ts';

export type MarkShape =
  | {
      readonly kind: 'duty' | 'served' | 'prompt' | 'covered';
      readonly from: number;
      readonly to: number;
      readonly inside: string | null;
      readonly after: string | null;
    }
  | { readonly kind: 'gap'; readonly from: number; readonly to: number; readonly after: string }
  | {
      readonly kind: 'press';
      readonly at: number;
      readonly counted: boolean;
      readonly after: string;
      /** When the whole does not fit. */
      readonly short: string;
    }
  | {
      readonly kind: 'face';
      readonly at: number;
      readonly level: LevelKey;
      readonly small: boolean;
      readonly after: string | null;
    };

export interface LaneOf {
  readonly key: string;
  readonly name: string;
  /** Clock error of this lane; null: unbounded, so nothing on it can be placed against another lane. */
  readonly bound: { readonly before: number; readonly after: number } | null;
  readonly accuracy: string;
  readonly marks: readonly MarkShape[];
  /** Said instead of marks when there are none. */
  readonly nothing: string | null;
  /** For screen readers. */
  readonly spoken: string;
}

export function lanesOf(
  timeline: TimelineAnswer,
  { text, common, lang }: { text: InspectorText; common: Words; lang: Lang },
): LaneOf[] {
  const { window: range, transaction, duty, prompt, presses, ratings } = timeline;
  const kiosk = timeline.kioskBoundMs;
  const goesOn = timeline.opensBy !== null;
  const bound = kiosk === null ? null : { before: kiosk, after: kiosk };
  const accuracy = kiosk === null ? text.clockUnbound : plusMinus(kiosk, lang);
  const lane = (
    key: string,
    name: string,
    marks: readonly MarkShape[],
    nothing: string | null,
    own: { bound: LaneOf['bound']; accuracy: string } = { bound, accuracy },
  ): LaneOf => {
    const said = marks
      .flatMap((mark) => ('inside' in mark ? [mark.inside, mark.after] : [mark.after]))
      .filter((each): each is string => each !== null);
    return {
      key,
      name,
      ...own,
      marks,
      nothing: marks.length === 0 ? nothing : null,
      spoken: said.join(', ') || nothing || '',
    };
  };

  const dutyMarks: MarkShape[] = duty
    ? [
        {
          kind: 'duty',
          from: Math.max(duty.from, range.from),
          to: Math.min(duty.to ?? range.to, range.to),
          inside: `${duty.officerName} · ${text.since(hms(duty.from))}`,
          after: null,
        },
      ]
    : [];
  const served = (of: NonNullable<TimelineAnswer['transaction']>): MarkShape => {
    const { from, to } = servedSpan(timeline);
    const began = from === null ? text.notStarted : text.started(hms(from));
    return {
      ...{ kind: 'served', from: from ?? range.from, to: to ?? range.to },
      // Without an end the bar fills the lane: nothing stands behind it.
      inside: [
        of.queueNumber ?? common.stages[of.stage],
        began,
        ...(to === null ? [goesOn ? text.servedNow : text.notDone] : []),
      ].join(' · '),
      after: to === null ? null : text.done(hms(to)),
    };
  };
  const promptMarks: MarkShape[] = prompt
    ? [
        {
          kind: 'prompt',
          from: prompt.from,
          to: prompt.to ?? range.to,
          inside: null,
          after:
            prompt.to === null
              ? text.promptOpen(hms(prompt.from))
              : text.promptSpan(hms(prompt.from), hms(prompt.to)),
        },
      ]
    : [];
  const pressMarks: MarkShape[] = presses.map((press) => {
    const at = hmsMs(press.at, lang);
    const what =
      press.via === 'panel' && press.button !== null ? text.button(String(press.button), at) : text.touch(at);
    return {
      kind: 'press',
      at: press.at,
      counted: press.counted,
      after: press.counted ? what : `${what} (${text.notCounted})`,
      short: press.counted ? at : text.notCounted,
    };
  });
  const faces: MarkShape[] = (ratings?.votes ?? [])
    .filter((vote) => vote.effective)
    .map((vote) => ({
      kind: 'face' as const,
      at: vote.at,
      level: vote.level,
      small: vote.question !== 'overall',
      after: vote.question === 'overall' ? text.stored(hmsMs(vote.at, lang), hms(vote.receivedAt)) : null,
    }));
  const cameras = timeline.cameras.map((camera) => {
    const wide = Math.max(camera.boundBeforeMs, camera.boundAfterMs);
    const marks: MarkShape[] = [
      ...camera.covered.map((part) => ({ kind: 'covered' as const, ...part, inside: null, after: null })),
      ...camera.gaps.map((gap) => ({
        kind: 'gap' as const,
        from: gap.from,
        to: gap.to,
        after: gapSentence(gap, text, common, lang),
      })),
    ];
    return lane(camera.id, camera.name, marks, text.noFootage, {
      bound: { before: camera.boundBeforeMs, after: camera.boundAfterMs },
      // Of a camera without a picture there is nothing to be exact about.
      accuracy: camera.covered.length === 0 ? common.none : plusMinus(wide, lang),
    });
  });
  return [
    lane('duty', text.laneDuty, dutyMarks, text.noDuty),
    ...(transaction === null
      ? []
      : [
          lane('transaction', text.laneTransaction, [served(transaction)], null),
          lane('prompt', text.lanePrompt, promptMarks, goesOn ? text.noPromptYet : text.noPrompt),
          lane('press', text.lanePress, pressMarks, goesOn ? text.noPressYet : text.noPress),
          lane('rating', text.laneRating, faces, text.noRating),
        ]),
    ...cameras,
  ];
}
