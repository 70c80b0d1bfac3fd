import { MEDIA, type Medium } from '#domain/medium.js';
import { type Choice, choiceOf, isThere, type MediumState, type Preferences } from '#domain/preferences.js';
import type { Preferring } from '#engine/preferences/index.js';
import { maskedAddress } from './masked-address.js';
import { escape, type Page } from './page.js';
import { languages, preferenceWords, type PreferenceWords } from './preference-words.js';

/** What the page is about. */
export interface PreferencesView {
  person: Pick<Preferring, 'who' | 'isAlone' | 'points'>;
  creditor: string;
  preferences: Preferences;
  /** After saving: as it was before. */
  before?: Preferences;
}

const isChecked = (state: MediumState | undefined): boolean => state === 'on';

const checkbox = (
  name: string,
  value: string,
  label: string,
  more: { checked: boolean; disabled?: boolean; note?: string | undefined },
): string => {
  const id = `${name}-${value}`;
  const note = more.note ? ` <span class="quiet" id="${id}-note">${escape(more.note)}</span>` : '';
  const attributes = [
    more.checked ? ' checked' : '',
    more.disabled ? ' disabled' : '',
    more.note ? ` aria-describedby="${id}-note"` : '',
  ].join('');
  return `<p class="choice"><input type="checkbox" id="${id}" name="${name}" value="${value}"${attributes}> <label for="${id}">${escape(label)}</label>${note}</p>`;
};

const select = (
  name: string,
  label: string,
  options: readonly { value: string; text: string }[],
  chosen: string,
): string =>
  `<p class="field"><label for="${name}">${escape(label)}</label> <select id="${name}" name="${name}">${options
    .map(
      ({ value, text }) =>
        `<option value="${escape(value)}"${value === chosen ? ' selected' : ''}>${escape(text)}</option>`,
    )
    .join('')}</select></p>`;

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escape(value)}">`;

const shownMedia = ({ media }: Preferences): Medium[] =>
  MEDIA.filter((medium) => media[medium] !== undefined);

/** Whom it is for, what can be chosen, and what goes on whatever is chosen. */
export function preferencesPage(view: PreferencesView): Page {
  const { preferences, before, person, creditor } = view;
  const words = preferenceWords(preferences.locale);
  return {
    locale: words.locale,
    heading: words.heading,
    paragraphs: [fill(words.intro, { name: person.who, creditor })],
    quiet: words.owed,
    content: [
      before ? outcome(words, before, preferences) : '',
      `<form method="post">${hidden('action', 'save')}${mediaOf(view, words)}${purposesOf(preferences, words)}${othersOf(view, words)}<button type="submit">${escape(words.save)}</button></form>`,
    ].join('\n'),
  };
}

/** What became of it, and the way back. */
function outcome(words: PreferenceWords, before: Preferences, after: Preferences): string {
  const isChanged = JSON.stringify(choiceOf(before)) !== JSON.stringify(choiceOf(after));
  const waiting = shownMedia(after).filter((medium) => after.media[medium] === 'pending');
  const asked = fill(words.confirm, { media: waiting.map((medium) => words.by[medium]).join(', ') });
  const said = [
    isChanged || waiting.length > 0 ? words.saved : words.unchanged,
    ...(waiting.length > 0 ? [asked] : []),
  ];
  const undo = `<form method="post">${fieldsOf(choiceOf(before))}<button class="second" type="submit">${escape(words.undo)}</button></form>`;
  return `<p class="outcome" role="status">${escape(said.join(' '))}</p>${isChanged ? undo : ''}`;
}

/** A choice as the form would send it. */
function fieldsOf(choice: Choice): string {
  const media = Object.entries(choice.media);
  return [
    hidden('action', 'save'),
    ...media.map(([medium]) => hidden('shown', medium)),
    ...media.filter(([, on]) => on).map(([medium]) => hidden('media', medium)),
    ...(['reminders', 'offers'] as const)
      .filter((each) => choice[each])
      .map((each) => hidden('purpose', each)),
    hidden('preferred', choice.preferred ?? ''),
    hidden('language', choice.locale),
  ].join('');
}

function mediaOf({ preferences, person }: PreferencesView, words: PreferenceWords): string {
  const { legend, names, ...notes } = words.media;
  const rows = shownMedia(preferences).map((medium) => {
    const state = preferences.media[medium];
    const disabled = state === 'barred';
    const note = state === 'pending' || state === 'barred' ? notes[state] : undefined;
    const label = `${names[medium]} (${addressesOf(person, medium)})`;
    const shown = disabled ? '' : hidden('shown', medium);
    return shown + checkbox('media', medium, label, { checked: isChecked(state), disabled, note });
  });
  return `<fieldset><legend>${escape(legend)}</legend>${rows.join('\n')}</fieldset>`;
}

const addressesOf = ({ points }: PreferencesView['person'], medium: Medium): string =>
  points
    .filter((point) => isThere(point, medium))
    .map(({ normalised }) => maskedAddress(normalised))
    .join(', ');

function purposesOf(preferences: Preferences, words: PreferenceWords): string {
  const { legend, reminders, offers, notices } = words.purposes;
  return `<fieldset aria-describedby="stays"><legend>${escape(legend)}</legend>
${checkbox('purpose', 'reminders', reminders, { checked: preferences.reminders })}
${checkbox('purpose', 'offers', offers, { checked: preferences.offers })}
${checkbox('purpose', 'notices', notices, { checked: true, disabled: true })}
<p class="quiet" id="stays">${escape(staysText(preferences, words))}</p></fieldset>`;
}

function staysText(preferences: Preferences, words: PreferenceWords): string {
  const { notices: medium } = preferences;
  return medium === null ? words.staysWithout : fill(words.stays, { medium: words.by[medium] });
}

function othersOf({ preferences, person }: PreferencesView, words: PreferenceWords): string {
  const media = shownMedia(preferences).map((medium) => ({ value: medium, text: words.media.names[medium] }));
  const preferred = [{ value: '', text: words.preferred.none }, ...media];
  const locales = languages(preferences.locale).map(({ locale, name }) => ({ value: locale, text: name }));
  return [
    person.isAlone ? select('preferred', words.preferred.label, preferred, preferences.preferred ?? '') : '',
    select('language', words.language, locales, preferences.locale),
  ].join('\n');
}

/** What was on the page as somebody chose, in plain text: kept as evidence. */
export function shownText({ preferences, person, creditor }: PreferencesView, choice: Choice): string {
  const words = preferenceWords(preferences.locale);
  const box = (on: boolean, label: string): string => `[${on ? 'x' : ' '}] ${label}`;
  return [
    words.heading,
    fill(words.intro, { name: person.who, creditor }),
    ...shownMedia(preferences).flatMap((medium) => {
      const on = choice.media[medium];
      return on === undefined ? [] : [box(on, words.media.names[medium])];
    }),
    box(choice.reminders, words.purposes.reminders),
    box(choice.offers, words.purposes.offers),
    box(true, words.purposes.notices),
    staysText(preferences, words),
  ].join('\n');
}

/** What the form sent; null for anything else, which changes nothing. What it names and is not offered stays as it is. */
export function choiceIn(body: string, { preferences }: Pick<PreferencesView, 'preferences'>): Choice | null {
  const form = new URLSearchParams(body);
  if (form.get('action') !== 'save') return null;
  const on = new Set(form.getAll('media'));
  const shown = shownMedia(preferences).filter((medium) => form.getAll('shown').includes(medium));
  const purposes = form.getAll('purpose');
  const preferred = form.get('preferred');
  const language = form.get('language');
  return {
    media: Object.fromEntries(shown.map((medium) => [medium, on.has(medium)])),
    reminders: purposes.includes('reminders'),
    offers: purposes.includes('offers'),
    preferred: preferred === '' ? null : (MEDIA.find((each) => each === preferred) ?? preferences.preferred),
    locale: isLocale(language) ? language : preferences.locale,
  };
}

/** Its tag is believed as it stands, for the way back names the one before. */
const isLocale = (text: string | null): text is string =>
  text !== null && /^[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,2}$/.test(text);

const fill = (sentence: string, values: Readonly<Record<string, string>>): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
