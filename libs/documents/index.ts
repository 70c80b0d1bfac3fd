export { handOverPdf } from './hand-over-pdf.js';
