import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { BREAKS, PATCHES, patched } from './broken.js';

const root = join(import.meta.dirname, '..', '..');
const { compilerOptions } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) =>
  readFileSync(path, 'utf8'),
).config as { compilerOptions: object };
const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, root);

/** The file of dist, as the compiler would write it now. */
function compiled(file: string): string {
  const source = readFileSync(join(root, file.replace(/\.js$/, '.ts')), 'utf8');
  return ts.transpileModule(source, { compilerOptions: options, fileName: file.replace(/\.js$/, '.ts') })
    .outputText;
}

describe('a fault that a build may be given', () => {
  const places = BREAKS.flatMap((fault) =>
    PATCHES[fault].map((patch) => [fault, patch.file, patch] as const),
  );

  it.each(places)('%s has its place in %s of today', (_fault, _file, patch) => {
    expect(patched(compiled(patch.file), patch)).toContain(patch.replace);
  });

  it('is refused when the code has moved on', () => {
    const patch = { file: 'a.js', find: 'b();', replace: 'c();' };
    expect(() => patched('a();', patch)).toThrow('"b();" is 0 times in a.js, not once');
    expect(() => patched('b(); b();', patch)).toThrow('is 2 times');
  });
});
