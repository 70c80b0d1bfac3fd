import { isIP } from 'node:net';
import { isPublicAddress } from './address-guard.js';

export type UrlCheck = { ok: true; url: URL } | { ok: false; reason: string };

/**
 * Whether events may be sent to this address. What its name resolves to is checked when it is called.
 *
 * @param allowPrivate installations that deliver inside their own network; then plain http is accepted as well
 */
export function checkEndpointUrl(text: string, allowPrivate: boolean): UrlCheck {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url) return refuse(`"${text}" is no URL; write it like https://crm.example.com/kindly`);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:'))
    return refuse('the URL must begin with https://');
  if (url.username || url.password)
    return refuse('the URL must not carry a user name or password; the signature proves who calls');
  if (!allowPrivate && !isPublicHost(url.hostname)) return refuse('the URL must lead to a public host');
  return { ok: true, url };
}

const refuse = (reason: string): UrlCheck => ({ ok: false, reason });

function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host)) return isPublicAddress(host);
  return host.includes('.') && !/\.(localhost|local|internal)$/i.test(host);
}
