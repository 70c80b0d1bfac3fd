import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import pdfmake from 'pdfmake';
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';

const ROBOTO = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts/Roboto');

// Latin, Greek and Cyrillic; of other scripts a document shows empty boxes.
pdfmake.setFonts({
  Roboto: {
    normal: join(ROBOTO, 'Roboto-Regular.ttf'),
    bold: join(ROBOTO, 'Roboto-Medium.ttf'),
    italics: join(ROBOTO, 'Roboto-Italic.ttf'),
    bolditalics: join(ROBOTO, 'Roboto-MediumItalic.ttf'),
  },
});
// What customers wrote is in these documents: nothing of it may name a file or an address to be read.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => dirname(path) === ROBOTO);

export interface PdfOptions {
  title: string;
  author: string;
  /** When it is of, in ms since 1970: the file says so, and is the same each time. */
  at: number;
  content: Content[];
}

/** A4, with the title above and the number of each page below. */
export function pdfOf({ title, author, at, content }: PdfOptions): Promise<Buffer> {
  const definition: TDocumentDefinitions = {
    info: { title, author, creationDate: new Date(at), producer: 'Kindly', creator: 'Kindly' },
    pageSize: 'A4',
    pageMargins: [48, 64, 48, 56],
    defaultStyle: { font: 'Roboto', fontSize: 9, lineHeight: 1.25, color: '#1f2937' },
    styles: {
      title: { fontSize: 18, bold: true, margin: [0, 0, 0, 4] },
      heading: { fontSize: 12, bold: true, margin: [0, 18, 0, 6] },
      label: { color: '#6b7280' },
      head: { bold: true, color: '#374151', fontSize: 8 },
    },
    header: (page) =>
      page === 1 ? '' : { text: title, style: 'label', fontSize: 8, margin: [48, 32, 48, 0] },
    footer: (page, pages) => ({
      columns: [
        { text: author, style: 'label', fontSize: 8 },
        { text: `Page ${page} of ${pages}`, alignment: 'right', style: 'label', fontSize: 8 },
      ],
      margin: [48, 20, 48, 0],
    }),
    content,
    // No heading stands alone at the foot of a page.
    pageBreakBefore: ({ headlineLevel }, { getFollowingNodesOnPage }) =>
      headlineLevel === 1 && getFollowingNodesOnPage().length === 0,
  };
  return pdfmake.createPdf(definition).getBuffer();
}

export const heading = (text: string): Content => ({ text, style: 'heading', headlineLevel: 1 });

/** Names and values, those without a value left out. */
export const listed = (rows: readonly (readonly [label: string, value: string | null])[]): Content => ({
  layout: 'noBorders',
  table: {
    widths: [120, '*'],
    body: rows.flatMap(([label, value]): TableCell[][] =>
      value === null || value === '' ? [] : [[{ text: label, style: 'label' }, value]],
    ),
  },
});

/** A table whose head is repeated on every page; nothing where it has no row. */
export const tableOf = (
  columns: readonly { head: string; width: number | '*'; right?: boolean }[],
  rows: readonly (readonly (string | null)[])[],
): Content => ({
  layout: {
    hLineWidth: (line, { table }) => (line === 0 || line === table.body.length ? 0 : 0.5),
    vLineWidth: () => 0,
    hLineColor: () => '#e5e7eb',
    paddingLeft: (column) => (column === 0 ? 0 : 6),
    paddingRight: () => 0,
    paddingTop: () => 3,
    paddingBottom: () => 3,
  },
  table: {
    headerRows: 1,
    dontBreakRows: true,
    widths: columns.map(({ width }) => width),
    body: [
      columns.map(({ head, right }) => ({ text: head, style: 'head', alignment: right ? 'right' : 'left' })),
      ...rows.map((row) =>
        row.map((text, at) => ({ text: text ?? '', alignment: columns[at]?.right ? 'right' : 'left' })),
      ),
    ] as TableCell[][],
  },
});
