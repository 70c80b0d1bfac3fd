import { isPublicAddress, publicLookup } from './address-guard.js';
import { checkEndpointUrl } from './endpoint-url.js';

describe('where a webhook may go', () => {
  it.each(['93.184.215.14', '8.8.8.8', '2606:2800:21f:cb07:6820:80da:af6b:8b2c', '2a00:1450:4001:80b::200e'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    '127.0.0.1', '127.255.0.1', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254',
    '100.64.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '192.0.2.1', '::1', '::', 'fe80::1', 'fc00::1', 'fd12::1',
    'ff02::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '2001:db8::1', '2002:7f00:1::', '2001::1', 'no-address', '',
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false)); // prettier-ignore

  it.each([
    ['https://crm.example.com/kindly', true],
    ['https://crm.example.com:8443/', true],
    ['http://crm.example.com/', false],
    ['https://user:pass@crm.example.com/', false],
    ['ftp://crm.example.com/', false],
    ['https://localhost/', false],
    ['https://metadata.google.internal/', false],
    ['https://127.0.0.1/', false],
    ['https://2130706433/', false],
    ['https://0x7f.1/', false],
    ['https://[::1]/', false],
    ['https://[::ffff:7f00:1]/', false],
    ['https://intranet/', false],
    ['https://intranet./', false],
    ['crm.example.com', false],
  ])('%s: %s', (url, ok) => expect(checkEndpointUrl(url, false).ok).toBe(ok));

  it('is anywhere where the installation allows it, by http too', () => {
    expect(checkEndpointUrl('http://127.0.0.1:8080/', true).ok).toBe(true);
    expect(checkEndpointUrl('file:///etc/passwd', true).ok).toBe(false);
  });

  it('refuses a public name that resolves to this machine', async () => {
    const error = await new Promise((resolve) => publicLookup('localhost', { all: true }, resolve));
    expect(error).toMatchObject({ code: 'forbidden_address' });
  });
});
