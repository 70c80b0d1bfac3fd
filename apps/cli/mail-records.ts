import { resolveTxt } from 'node:dns/promises';
import { type Finding, ok, warning } from './finding.js';

/** The TXT records of a name, each a list of chunks, as `node:dns` gives them. @throws with a `code` of node:dns */
export type ResolveTxt = (name: string) => Promise<string[][]>;

/** SPF and DMARC of a domain that mail is sent as. */
export async function checkMailRecords(domain: string, resolve: ResolveTxt = resolveTxt): Promise<Finding[]> {
  return Promise.all([checkSpf(domain, resolve), checkDmarc(domain, resolve)]);
}

/** Of the full domain alone: SPF knows no inheritance (RFC 7208, 4). */
async function checkSpf(domain: string, resolve: ResolveTxt): Promise<Finding> {
  const what = `SPF of ${domain}`;
  const found = await lookUp(domain, 'v=spf1', resolve);
  if (found.kind === 'found') return ok(what, found.text);
  if (found.kind === 'unanswered') return unanswered(what, found.code);
  return warning(
    what,
    'no record found',
    `Add a TXT record to ${domain} that lists who sends its mail (SPF, RFC 7208).`,
  );
}

/**
 * Of the full domain first, then of the organisational domain (RFC 7489, 6.6.3). Which of its parents that is takes a
 * list of public suffixes there; its successor, RFC 9989, finds it without one by asking them from below, and lets the
 * registry of a suffix say `psd=y`, which this passes over.
 */
async function checkDmarc(domain: string, resolve: ResolveTxt): Promise<Finding> {
  const what = `DMARC of ${domain}`;
  for (const name of withParents(domain)) {
    const found = await lookUp(`_dmarc.${name}`, 'v=DMARC1', resolve);
    if (found.kind === 'unanswered') return unanswered(what, found.code);
    if (found.kind === 'found' && (name === domain || !IS_PUBLIC_SUFFIX.test(found.text))) {
      return ok(what, name === domain ? found.text : `${found.text} (of ${name})`);
    }
  }
  return warning(
    what,
    'no record found',
    `Add a TXT record _dmarc.${domain}, to begin with "v=DMARC1; p=none" (RFC 7489).`,
  );
}

const IS_PUBLIC_SUFFIX = /;\s*psd\s*=\s*y\b/;

/** `mail.example.co.uk`, `example.co.uk`, `co.uk`; a top-level domain is nobody's own. */
function withParents(domain: string): string[] {
  const labels = domain.split('.');
  return labels.slice(0, -1).map((_label, index) => labels.slice(index).join('.'));
}

type LookUp = { kind: 'found'; text: string } | { kind: 'none' } | { kind: 'unanswered'; code: string };

/** There is no such name, or no TXT record of it. */
const ABSENT = ['ENOTFOUND', 'ENODATA'];

async function lookUp(name: string, version: string, resolve: ResolveTxt): Promise<LookUp> {
  try {
    const texts = (await resolve(name)).map((chunks) => chunks.join(''));
    const text = texts.find((each) => each === version || /^[\s;]/.test(withoutPrefix(each, version)));
    return text === undefined ? { kind: 'none' } : { kind: 'found', text };
  } catch (error) {
    const code = codeOf(error);
    return ABSENT.includes(code) ? { kind: 'none' } : { kind: 'unanswered', code };
  }
}

/** What comes after the version; nothing when it does not begin so. */
const withoutPrefix = (text: string, prefix: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : '';

/** @throws what is no answer of the resolver, as it is */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}

const unanswered = (what: string, code: string): Finding =>
  warning(what, `the DNS did not answer (${code})`, 'Ask again from where the DNS can be reached.');
