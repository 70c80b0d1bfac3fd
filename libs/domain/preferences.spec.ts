import fc from 'fast-check';
import { MEDIA, type Medium } from './medium.js';
import {
  changesOf,
  type Choice,
  choiceOf,
  type MediumState,
  type PreferencePoint,
  type Preferences,
  preferencesOf,
} from './preferences.js';

const point = (kind: PreferencePoint['kind'], more: Partial<PreferencePoint> = {}): PreferencePoint => ({
  kind,
  suppressions: [],
  words: [],
  ...more,
});
const rest = { preferred: null, locale: 'en' };
const mediaOf = (...points: PreferencePoint[]) => preferencesOf(points, rest).media;
const word = (medium: Medium, state: 'granted' | 'withdrawn' | 'pending', purpose = 'messages') => ({
  medium,
  state,
  purpose,
});

describe('the preferences of a person', () => {
  it('are of the media they have an address for; direct messages are off until they said yes', () => {
    expect(mediaOf(point('email'), point('phone'))).toEqual({ email: 'on', sms: 'on', call: 'on' });
    expect(mediaOf(point('phone', { noSms: true }))).toEqual({ call: 'on' });
    expect(mediaOf(point('telegram'))).toEqual({ telegram: 'off' });
    expect(mediaOf(point('telegram', { words: [word('telegram', 'granted')] }))).toEqual({ telegram: 'on' });
  });

  it('go by the last word, and a word that waits takes nothing away', () => {
    const [granted, pending] = [word('telegram', 'granted'), word('telegram', 'pending')];
    expect(mediaOf(point('telegram', { words: [pending] }))).toEqual({ telegram: 'pending' });
    expect(mediaOf(point('telegram', { words: [granted, pending] }))).toEqual({ telegram: 'on' });
    expect(mediaOf(point('telegram', { words: [pending, word('telegram', 'withdrawn')] }))).toEqual({
      telegram: 'off',
    });
  });

  it('tell what was refused from what does not work', () => {
    const barred = (reason: string, medium: Medium | null, purpose: 'reminder' | 'notice' | null) =>
      mediaOf(point('email', { suppressions: [{ reason, medium, purpose }] })).email;
    expect(barred('unsubscribed', 'email', 'reminder')).toBe('off');
    expect(barred('stop', 'email', null)).toBe('off');
    expect(barred('bounced:550', null, null)).toBe('barred');
    expect(barred('unsubscribed', 'email', 'notice')).toBe('on');
    expect(barred('unsubscribed', null, 'reminder')).toBe('on');
  });

  it('say whether reminders come, and offers, which come only when asked for', () => {
    const without = {
      suppressions: [{ reason: 'unsubscribed', medium: null, purpose: 'reminder' as const }],
    };
    expect(preferencesOf([point('email', without), point('phone', without)], rest).reminders).toBe(false);
    expect(preferencesOf([point('email', without), point('phone')], rest).reminders).toBe(true);
    expect(preferencesOf([point('email')], rest).offers).toBe(false);
    expect(
      preferencesOf([point('email', { words: [word('email', 'granted', 'offers')] })], rest).offers,
    ).toBe(true);
  });

  it('leave a medium to legal notices: e-mail before all others, and none that a notice may not use', () => {
    const noticesBy = (...points: PreferencePoint[]) => preferencesOf(points, rest).notices;
    const refused = (medium: Medium | null, purpose: 'reminder' | null, reason = 'unsubscribed') => ({
      suppressions: [{ medium, purpose, reason }],
    });
    expect(noticesBy(point('phone'), point('email', refused('email', 'reminder')))).toBe('email');
    expect(noticesBy(point('phone'), point('email', refused('email', null)))).toBe('sms');
    expect(noticesBy(point('phone'), point('email', { words: [word('email', 'withdrawn')] }))).toBe('sms');
    expect(noticesBy(point('phone', refused('sms', null, 'stop')))).toBeNull();
    expect(noticesBy(point('telegram'), point('phone', { noSms: true }))).toBeNull();
  });
});

describe('what a choice changes', () => {
  const states = fc.constantFrom<MediumState>('on', 'off', 'pending', 'barred');
  const preferences: fc.Arbitrary<Preferences> = fc.record({
    media: fc.dictionary(fc.constantFrom(...MEDIA), states),
    reminders: fc.boolean(),
    offers: fc.boolean(),
    notices: fc.constant(null),
    preferred: fc.option(fc.constantFrom(...MEDIA)),
    locale: fc.constantFrom('en', 'ru', 'de'),
  });

  it('is nothing where it says all as it is', () => {
    fc.assert(fc.property(preferences, (now) => expect(changesOf(now, choiceOf(now))).toEqual([])));
  });

  it('leaves what was not asked about, and what does not work', () => {
    fc.assert(
      fc.property(preferences, preferences, (now, wanted) => {
        const choice: Choice = { ...choiceOf(now), media: choiceOf(wanted).media };
        for (const change of changesOf(now, choice)) {
          if (change.kind !== 'medium') throw new Error('only media were chosen');
          expect(now.media[change.medium]).not.toBe('barred');
          expect(choice.media[change.medium]).toBe(change.on);
        }
      }),
    );
  });
});
