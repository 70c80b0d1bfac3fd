import { type Barred, isAgreed, type PointFacts, suits } from './facts.js';
import { MEDIA, type Medium, MESSAGE_MEDIA, type MessageMedium } from './medium.js';
import { causeOf } from './suppression.js';

/** An address of a person in use, with what was said of it, oldest first. */
export interface PreferencePoint extends Pick<PointFacts, 'kind' | 'noSms'> {
  suppressions: readonly (Barred & { reason: string })[];
  words: readonly { medium: Medium; purpose: string; state: 'granted' | 'withdrawn' | 'pending' }[];
}

/** `pending`: they said yes and have still to confirm it. `barred`: it does not work, and what they say changes nothing. */
export type MediumState = 'on' | 'off' | 'pending' | 'barred';

/** How a person wants to be written to, as far as is known. */
export interface Preferences {
  /** Of media they have an address for. */
  media: Partial<Record<Medium, MediumState>>;
  reminders: boolean;
  offers: boolean;
  /** By which a legal notice goes on coming, whatever is switched off: e-mail, or else the first message that may be used; null: none. */
  notices: MessageMedium | null;
  preferred: Medium | null;
  /** BCP 47. */
  locale: string;
}

/** What a person chose. */
export interface Choice extends Omit<Preferences, 'media' | 'notices'> {
  /** Of media that they were asked about; others stay as they are. */
  media: Partial<Record<Medium, boolean>>;
}

export type PreferenceChange =
  | { kind: 'medium'; medium: Medium; on: boolean }
  | { kind: 'reminders' | 'offers'; on: boolean }
  | { kind: 'preferred'; medium: Medium | null }
  | { kind: 'language'; locale: string };

/** @param points in order of preference */
export function preferencesOf(
  points: readonly PreferencePoint[],
  { preferred, locale }: Pick<Preferences, 'preferred' | 'locale'>,
): Preferences {
  const media = MEDIA.flatMap((medium) => {
    const own = points.filter((point) => isThere(point, medium));
    return own.length === 0 ? [] : [[medium, stateOf(own, medium)] as const];
  });
  return {
    media: Object.fromEntries(media),
    reminders: !points.every(({ suppressions }) => suppressions.some(isOfReminders)) || points.length === 0,
    offers: points.some(({ words }) => MEDIA.some((medium) => wordOf(words, medium, 'offers') === 'granted')),
    notices: MESSAGE_MEDIA.find((medium) => points.some((point) => takesNotices(point, medium))) ?? null,
    preferred,
    locale,
  };
}

/** The best that is known of the addresses by which a medium reaches somebody. */
function stateOf(points: readonly PreferencePoint[], medium: Medium): MediumState {
  const states = points.map((point) => stateAt(point, medium));
  return (['on', 'pending', 'off', 'barred'] as const).find((each) => states.includes(each)) ?? 'barred';
}

function stateAt(point: PreferencePoint, medium: Medium): MediumState {
  const { suppressions, words } = point;
  const inTheWay = suppressions.filter((each) => bars(each, medium));
  if (inTheWay.some(({ reason }) => causeOf(reason) !== 'word')) return 'barred';
  if (inTheWay.length === 0 && isWelcome(point, medium)) return 'on';
  return isWaiting(words, medium) ? 'pending' : 'off';
}

const isWelcome = ({ kind, words }: PreferencePoint, medium: Medium): boolean => {
  const said = wordOf(words, medium, 'messages');
  return isAgreed({ id: '', kind, status: 'active', ...(said && { consents: { [medium]: said } }) }, medium);
};

const takesNotices = (point: PreferencePoint, medium: Medium): boolean =>
  isThere(point, medium) &&
  isWelcome(point, medium) &&
  !point.suppressions.some(
    (each) =>
      (each.medium === null || each.medium === medium) &&
      (each.purpose === null || each.purpose === 'notice'),
  );

/** Whether the medium could reach the address at all. */
export const isThere = (point: Pick<PreferencePoint, 'kind' | 'noSms'>, medium: Medium): boolean =>
  suits({ id: '', status: 'active', ...point }, medium);

/** Of a medium as a whole, or of reminders by it: those of all media are apart. */
export const bars = ({ medium: barred, purpose }: Barred, medium: Medium): boolean =>
  purpose === null ? barred === null || barred === medium : purpose === 'reminder' && barred === medium;

/** Of reminders by whatever medium. */
export const isOfReminders = ({ medium, purpose }: Barred): boolean =>
  medium === null && purpose === 'reminder';

/** The last word about a medium that counts. */
export const wordOf = (
  words: PreferencePoint['words'],
  medium: Medium,
  purpose: string,
): 'granted' | 'withdrawn' | null => {
  const last = words.findLast(
    (each) => each.medium === medium && each.purpose === purpose && each.state !== 'pending',
  );
  return last && last.state !== 'pending' ? last.state : null;
};

const isWaiting = (words: PreferencePoint['words'], medium: Medium): boolean =>
  words.findLast((each) => each.medium === medium && each.purpose === 'messages')?.state === 'pending';

/** What a choice changes; what it names as it is changes nothing, nor does a medium that does not work. */
export function changesOf(now: Preferences, choice: Choice): PreferenceChange[] {
  const media = MEDIA.flatMap((medium): PreferenceChange[] => {
    const [state, on] = [now.media[medium], choice.media[medium]];
    const isOpen = state !== undefined && state !== 'barred' && on !== undefined;
    return isOpen && on !== (state === 'on') ? [{ kind: 'medium', medium, on }] : [];
  });
  return [
    ...media,
    ...(['reminders', 'offers'] as const).flatMap((kind): PreferenceChange[] =>
      choice[kind] === now[kind] ? [] : [{ kind, on: choice[kind] }],
    ),
    ...(choice.preferred === now.preferred ? [] : [{ kind: 'preferred', medium: choice.preferred } as const]),
    ...(choice.locale === now.locale ? [] : [{ kind: 'language', locale: choice.locale } as const]),
  ];
}

/** The choice that says all as it is: what takes another one back. */
export const choiceOf = ({ media, notices: _never, ...rest }: Preferences): Choice => ({
  ...rest,
  media: Object.fromEntries(
    Object.entries(media).flatMap(([medium, state]) =>
      state === 'barred' ? [] : [[medium, state === 'on']],
    ),
  ),
});
