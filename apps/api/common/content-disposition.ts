/** Text of RFC 6266 and RFC 8187: any file name, as every browser reads it. */
export const contentDisposition = (filename: string): string => {
  const escaped = encodeURIComponent(filename).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename*=UTF-8''${escaped}`;
};
