import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Faults that a build may be given, to see that the judge finds them. */
export const BREAKS = ['ledger-after-call', 'blind-retry'] as const;
export type Break = (typeof BREAKS)[number];

/** A place in a compiled file, and what stands there instead. */
interface Patch {
  file: string;
  find: string;
  replace: string;
}

export const PATCHES: Record<Break, readonly Patch[]> = {
  /** The provider is called inside the transaction that writes the row: it commits after the call. */
  'ledger-after-call': [
    { file: 'libs/engine/begin-send.js', find: 'isLast: !isStatement,', replace: 'isLast: false,' },
    {
      file: 'libs/engine/begin-send.js',
      find: 'return {\n        ...begun,',
      replace: `const { toMessage } = await import('./letter.js');
    const early = await channel.send(toMessage(written.snapshot, begun.contactId, scope.organisationId, attachments), 10_000);
    return {\n        early,\n        ...begun,`,
    },
    {
      file: 'libs/engine/execute-step.js',
      find: 'const { channel, contactId, snapshot, attachments } = begun;',
      replace: `if (begun.early) return begun.early;
    const { channel, contactId, snapshot, attachments } = begun;`,
    },
  ],
  /** Who finds a row that may have been called for calls again, and whoever gets no clear answer. */
  'blind-retry': [
    {
      file: 'libs/engine/execute-step.js',
      find: 'if (channel.external && begun.mayHaveCalled)',
      replace: 'if (false)',
    },
    {
      file: 'libs/engine/execute-step.js',
      find: 'if (channel.external && Date.now() + providerTimeoutMs > begun.leaseUntil)',
      replace: 'if (false)',
    },
  ],
};

/**
 * A copy of the compiled product with a fault in it, in a folder of its own below the checkout, whose modules it finds.
 *
 * @returns the folder
 * @throws when the place to break is not there any more
 */
export function breakBuild(checkout: string, folder: string, how: Break): string {
  cpSync(join(checkout, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(checkout, 'package.json'), join(folder, 'package.json'));
  for (const patch of PATCHES[how]) apply(join(folder, 'dist', patch.file), patch);
  return folder;
}

function apply(path: string, patch: Patch): void {
  writeFileSync(path, patched(readFileSync(path, 'utf8'), patch));
}

/** @throws when the place to break is not there exactly once */
export function patched(code: string, { file, find, replace }: Patch): string {
  const places = code.split(find).length - 1;
  if (places !== 1)
    throw new Error(
      `"${find}" is ${places} times in ${file}, not once: say in broken.ts where to break it now.`,
    );
  return code.replace(find, () => replace);
}
