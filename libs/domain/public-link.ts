const WRITE = 'write one like https://pay.example.com/{number}';

/**
 * Why a link may not stand in a letter, as `what; remedy`; null when it may. What a letter links to is opened by whoever reads it, and
 * fetched by mail servers and scanners on the way: only https, no credentials, and a named host of the public internet. An
 * address of numbers is refused whole, in each of its spellings, for readers rightly take it for a fraud (WHATWG URL, host parsing).
 */
export function linkProblem(text: string): string | null {
  if (!/^https:\/\/[^\s"<>\\]+$/i.test(text)) return `is no web address; ${WRITE}`;
  const [authority = ''] = text.slice('https://'.length).split(/[/?#]/);
  if (/[{}@]/.test(authority)) return `has more than a host before its path; ${WRITE}`;
  if (!URL.canParse(text)) return `is no web address; ${WRITE}`;
  const host = new URL(text).hostname.replace(/\.$/, '');
  return isPublicName(host) ? null : `leads to no host of the public internet; ${WRITE}`;
}

function isPublicName(host: string): boolean {
  const isNumbers = host.startsWith('[') || /^[\d.]+$/.test(host);
  return !isNumbers && host.includes('.') && !/\.(localhost|local|internal|home\.arpa|onion)$/.test(host);
}
