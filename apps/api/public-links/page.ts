import { createHash } from 'node:crypto';
import type { Response } from 'express';

const STYLE = `
:root{color-scheme:light dark;--page:#f1f3f6;--card:#fff;--text:#1c2530;--quiet:#566273;--ground:#1a56a8;--on:#fff}
@media (prefers-color-scheme:dark){:root{--page:#10151b;--card:#1a2129;--text:#e8ecf1;--quiet:#a9b4c2;--ground:#8ab8f5;--on:#10151b}}
*{box-sizing:border-box}
body{margin:0;padding:24px 16px;background:var(--page);color:var(--text);font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif}
main{max-width:34rem;margin:6vh auto 0;padding:28px;background:var(--card);border-radius:8px}
h1{margin:0 0 12px;font-size:1.4rem;line-height:1.3}
p{margin:0 0 14px;overflow-wrap:anywhere}
.quiet{color:var(--quiet);font-size:.9rem}
button{display:block;width:100%;padding:14px 20px;border:2px solid var(--ground);border-radius:6px;background:var(--ground);color:var(--on);font:inherit;font-weight:700;cursor:pointer}
button.second{background:transparent;color:var(--text)}
fieldset{margin:0 0 18px;padding:14px 16px 4px;border:1px solid var(--quiet);border-radius:6px}
legend{padding:0 6px;font-weight:700}
.choice{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:baseline}
.choice input{flex:none;width:20px;height:20px;margin:0;accent-color:var(--ground);transform:translateY(4px)}
.choice label{flex:1 1 12rem;padding:4px 0}
.choice .quiet{flex:1 0 100%;padding-left:30px}
.field label{display:block;margin-bottom:4px;font-weight:700}
select{width:100%;padding:12px;border:1px solid var(--quiet);border-radius:6px;background:var(--card);color:var(--text);font:inherit}
.outcome{padding:12px 14px;border-left:4px solid var(--ground);font-weight:700}
form+form,form+.quiet{margin-top:18px}
button:focus-visible,input:focus-visible,select:focus-visible{outline:3px solid var(--text);outline-offset:3px}`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** What holds for whatever a link in a message leads to: kept by nobody, found by no robot, shown in no frame. */
export const PRIVATE_HEADERS = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex, nofollow, noarchive',
  'X-Content-Type-Options': 'nosniff',
} as const;

export interface Page {
  locale: string;
  heading: string;
  paragraphs: readonly string[];
  quiet?: string;
  /** Posted to the page's own address. */
  button?: { label: string; action: string; isSecond?: boolean };
  /** Markup below the sentences, whose texts are escaped already. */
  content?: string;
}

export const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);

/** A page of one heading, some sentences and a button or a form. It needs no script, cookie or font. */
export function htmlOf({ locale, heading, paragraphs, quiet, button, content = '' }: Page): string {
  const form = button
    ? `<form method="post"><button type="submit" name="action" value="${escape(button.action)}"${button.isSecond ? ' class="second"' : ''}>${escape(button.label)}</button></form>`
    : '';
  return `<!doctype html>
<html lang="${escape(locale)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<title>${escape(heading)}</title><style>${STYLE}</style></head>
<body><main><h1>${escape(heading)}</h1>
${paragraphs.map((paragraph) => `<p>${escape(paragraph)}</p>`).join('\n')}
${content}
${quiet ? `<p class="quiet">${escape(quiet)}</p>` : ''}${form}</main></body>
</html>
`;
}

export function sendPage(response: Response, status: number, page: Page): void {
  response
    .status(status)
    .set({
      ...PRIVATE_HEADERS,
      'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    })
    .type('html')
    .send(htmlOf(page));
}
