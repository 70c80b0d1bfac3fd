/** A machine's word or number; free text of providers quotes addresses and is never kept. */
export const wordOf = (value: unknown): string | undefined => {
  const word = typeof value === 'number' ? String(value) : value;
  return typeof word === 'string' && /^[A-Za-z0-9_.]{1,60}$/.test(word) ? word : undefined;
};
