/** What of a file cannot be used, and what to do: a value of `importCsv`, and the reason of {@link UnreadableFileError}. */
export interface Unreadable {
  /** Line of the file, counted from 1; null when it is about the file as a whole. */
  line: number | null;
  what: string;
  remedy: string;
}

/** A file, or its mapping, that cannot be read at all or not to its end. */
export class UnreadableFileError extends Error {
  override name = 'UnreadableFileError';
  constructor(
    readonly reason: Unreadable,
    options?: ErrorOptions,
    file?: string,
  ) {
    const where =
      reason.line === null ? (file ?? 'The file') : `Line ${reason.line} of ${file ?? 'the file'}`;
    super(`${where} ${reason.what}. ${reason.remedy}.`, options);
  }
}

/** Does what reads a file; where that cannot be read, the error names it. */
export async function naming<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    throw new UnreadableFileError(error.reason, { cause: error }, file);
  }
}

export const unreadable = (what: string, remedy: string, line: number | null = null): UnreadableFileError =>
  new UnreadableFileError({ line, what, remedy });
