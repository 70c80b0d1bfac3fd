import { isLocale, resolveLocale } from './locale.js';

describe('resolveLocale', () => {
  it.each([
    [['en', 'ru'], 'ru', 'ru'],
    [['en', 'ru'], 'ru-RU', 'ru'],
    [['en', 'ru'], 'ru_RU', 'ru'],
    [['en', 'ru'], 'RU', 'ru'],
    [['en', 'ru'], 'es', 'en'],
    [['en', 'ru'], '', 'en'],
    [['en-US', 'ru'], 'en-GB', 'en-US'],
    [['en', 'zh-Hant'], 'zh-Hant-TW', 'zh-Hant'],
    [['en', 'pt-BR', 'pt'], 'pt-BR', 'pt-BR'],
  ])('picks from %j for %j', (available, wanted, expected) => {
    expect(resolveLocale(available, wanted, 'en')).toBe(expected);
  });
});

it('tells a locale from what is none', () => {
  expect(['en', 'ru-RU', 'zh-Hant-TW'].every(isLocale)).toBe(true);
  expect(['', 'english!', 'e'].some(isLocale)).toBe(false);
});
