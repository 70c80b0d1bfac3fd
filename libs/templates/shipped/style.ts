/**
 * Colours of the shared layout. Text has a contrast of at least 4.5 : 1 on its ground in both schemes (WCAG 2.2 AA);
 * the brand colour is used only as a ground, with black or white text on it.
 */
export const colours = {
  page: '#f1f3f6',
  card: '#ffffff',
  text: '#1c2530',
  quiet: '#566273',
  line: '#d9dee5',
  link: '#1a56a8',
} as const;

const dark = {
  page: '#10151b',
  card: '#1a2129',
  text: '#e8ecf1',
  quiet: '#a9b4c2',
  line: '#36414e',
  link: '#8ab8f5',
} as const;

export const FONTS =
  "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** Which elements take which dark colour; `[data-ogsc]` is how Outlook on the web asks. */
const darkRules = [
  ['body, .page, .page > div', `background-color: ${dark.page}`],
  ['.card, .card > table', `background-color: ${dark.card}; background: ${dark.card}`],
  ['.t div, .t td, .t th, .t h1, .t caption', `color: ${dark.text}`],
  ['.q div, .t th.quiet', `color: ${dark.quiet}`],
  ['.line td, .line th', `border-color: ${dark.line}`],
  ['.t a, .q a', `color: ${dark.link}`],
  ['.pay a, .pay td', 'border-color: rgba(255, 255, 255, 0.35)'],
] as const;

const important = (declarations: string): string =>
  declarations
    .split('; ')
    .map((declaration) => `${declaration} !important`)
    .join('; ');

const darkStyle = darkRules
  .map(([selectors, declarations]) => `${selectors} { ${important(declarations)} }`)
  .join('\n');

const outlookStyle = darkRules
  .map(([selectors, declarations]) => {
    const scoped = selectors
      .split(', ')
      .map((selector) => `[data-ogsc] ${selector}`)
      .join(', ');
    return `${scoped} { ${important(declarations)} }`;
  })
  .join('\n');

export const STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
a { color: ${colours.link}; }
.logo { display: block; height: 44px; width: auto; max-width: 100%; object-fit: contain; object-position: left; background-color: #ffffff; border-radius: 6px; color: ${colours.text}; font-weight: 700; }
.figures td { overflow-wrap: anywhere; }
.figures th { overflow-wrap: break-word; word-break: normal; }
@media (max-width: 479px) { .pay table, .pay a { width: 100% !important; box-sizing: border-box; } .bank th { width: 28%; } }
@media (prefers-color-scheme: dark) {
${darkStyle}
}
${outlookStyle}
`;
