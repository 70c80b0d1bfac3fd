import { type Document, LineCounter, parseDocument } from 'yaml';
import type { CampaignDocument } from '#domain/campaign/document.js';
import { type CampaignProblem, validateCampaign } from '#domain/campaign/validate.js';
import { type FilePosition, positionOf, toPosition } from './file-position.js';

export type CampaignFormat = 'yaml' | 'json';

/** A problem of a campaign file, with its place where that is known. */
export interface CampaignFileProblem extends CampaignProblem {
  /** 1-based. */
  line: number | null;
  column: number | null;
}

export type CampaignFileResult =
  { ok: true; document: CampaignDocument } | { ok: false; problems: CampaignFileProblem[] };

/** Far more than fifty steps take. */
export const MAX_CAMPAIGN_BYTES = 250_000;

/** How often a file may repeat parts of itself by `*name`: a few lines could otherwise unfold into gigabytes. */
const MAX_ALIASES = 100;

/** Reads a campaign from a file's text. Problems name line, column and path. */
export function parseCampaign(text: string, format: CampaignFormat): CampaignFileResult {
  if (Buffer.byteLength(text) > MAX_CAMPAIGN_BYTES) {
    return failed(`the file is larger than ${MAX_CAMPAIGN_BYTES / 1000} kB, more than a campaign takes`);
  }
  const read = format === 'json' ? readJson(text) : readYaml(text);
  if (!read.ok) return read;
  const validation = validateCampaign(read.value);
  if (validation.ok) return validation;
  return {
    ok: false,
    problems: validation.problems.map((problem) => placed(problem, read.place(problem.path))),
  };
}

type Read =
  | { ok: true; value: unknown; place: (path: string) => FilePosition | null }
  | { ok: false; problems: CampaignFileProblem[] };

const placed = (problem: CampaignProblem, position: FilePosition | null): CampaignFileProblem => ({
  ...problem,
  line: position?.line ?? null,
  column: position?.column ?? null,
});

const failed = (message: string, position: FilePosition | null = null): Read & { ok: false } => ({
  ok: false,
  problems: [placed({ path: '', message }, position)],
});

function readYaml(text: string): Read {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    const problems = faults.map((fault) =>
      placed({ path: '', message: `no valid YAML: ${fault.message}` }, toPosition(lines, fault.pos[0])),
    );
    return { ok: false, problems };
  }
  return unfold(document, lines);
}

function unfold(document: Document, lines: LineCounter): Read {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { ok: true, value, place: (path) => positionOf(document, path, lines) };
  } catch (error) {
    // What the library throws for too many aliases, or for one without its anchor.
    if (error instanceof ReferenceError)
      return failed(`the aliases (*name) cannot be resolved: ${error.message}`);
    throw error;
  }
}

/** JSON is read strictly, and once more as YAML, of which it is a part, to know the lines. */
function readJson(text: string): Read {
  try {
    JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return failed(`no valid JSON: ${error.message}`, jsonErrorPosition(error.message, text));
  }
  return readYaml(text);
}

function jsonErrorPosition(message: string, text: string): FilePosition | null {
  const offset = Number(/position (\d+)/.exec(message)?.[1] ?? Number.NaN);
  if (Number.isNaN(offset)) return null;
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
