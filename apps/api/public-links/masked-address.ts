const SHOWN_DIGITS = 3;

/** Enough for its owner to know it by, and for nobody else: `a••••@example.com`, `••••123`. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? `••••${address.slice(-SHOWN_DIGITS)}` : `${[...address][0] ?? ''}••••${address.slice(at)}`;
}
