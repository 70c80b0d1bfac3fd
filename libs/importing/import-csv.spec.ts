import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { UpsertResult } from '#contracts/schemas/index.js';
import { type ImportReport, type ImportSink, MAX_ERRORS, importCsv } from './import-csv.js';
import type { RowKind } from './fields.js';
import type { Row } from './read-rows.js';
import { inPieces } from './testing.js';

const written = (externalId: string): UpsertResult => ({
  id: '0197e4a0-0000-7000-8000-000000000000',
  externalId,
  result: 'created',
});

/** Takes everything but customers called "bad", and remembers the sizes of its batches. */
class RecordingSink implements ImportSink {
  readonly batches: number[] = [];
  readonly dry: boolean[] = [];

  write<K extends RowKind>(_kind: K, rows: readonly Row<K>[], dryRun: boolean) {
    this.batches.push(rows.length);
    this.dry.push(dryRun);
    return Promise.resolve(
      rows.map(({ input }) => ({
        row: this.resultOf(input as { externalId: string; name?: string }),
        settlement: null,
      })),
    );
  }

  private resultOf({ externalId, name }: { externalId: string; name?: string }): UpsertResult {
    if (name !== 'bad') return written(externalId);
    return {
      externalId,
      result: 'refused',
      reason: 'unknown_parent',
      field: 'name',
      message: 'is bad; write another',
    };
  }
}

const importText = async (
  text: string,
  options: Parameters<typeof importCsv>[2] = {},
): Promise<{ report: ImportReport; sink: RecordingSink }> => {
  const sink = new RecordingSink();
  return { report: await importCsv('customers', inPieces(Buffer.from(text)), options, sink), sink };
};

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes in use, garbage apart. */
const liveHeap = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

async function* generated(rows: number): AsyncGenerator<Buffer> {
  yield Buffer.from('externalId,name,address.street\n');
  for (let at = 0; at < rows; at += 1_000) {
    const lines = Array.from(
      { length: 1_000 },
      (_, index) => `C-${at + index},Customer ${at + index},${at} Harbour Street`,
    );
    yield Buffer.from(`${lines.join('\n')}\n`);
  }
}

describe('importCsv', () => {
  it('takes the good rows in batches and says of the others what is wrong', async () => {
    const text = 'externalId,name,email\nC-1,a,\nC-2,,\nC-3,bad,\nC-4,d,nobody\nC-5,e,e@example.test\n';
    const { report, sink } = await importText(text, { batchSize: 2 });
    expect(sink.batches).toEqual([2, 1]);
    expect(report).toMatchObject({
      rows: 5,
      created: 2,
      failed: 3,
      errorCount: 3,
      unreadable: null,
      preset: 'kindly',
    });
    expect(report.errors.map(({ line, column, what }) => [line, column, what])).toEqual([
      [3, 'name', 'is empty'],
      [4, 'name', 'is bad'],
      [5, 'email', 'is no e-mail address'],
    ]);
  });

  it('takes the rows before the place where a file stops being CSV', async () => {
    const { report } = await importText('externalId,name\nC-1,a\nC-2,"b\n');
    expect(report).toMatchObject({ rows: 1, created: 1, unreadable: { line: 3 } });
  });

  it('says why a file is of no use, and writes nothing', async () => {
    const { report, sink } = await importText('a,b\n1,2\n');
    expect(report.unreadable?.what).toMatch(/not recognised/);
    expect(sink.batches).toEqual([]);
  });

  it('passes on that it is a dry run', async () => {
    const { report, sink } = await importText('externalId,name\nC-1,a\n', { dryRun: true });
    expect(report.dryRun).toBe(true);
    expect(sink.dry).toEqual([true]);
  });

  it('keeps a bounded list of errors, and tells each', async () => {
    const lines = Array.from({ length: MAX_ERRORS + 50 }, (_, index) => `C-${index},`);
    let told = 0;
    const { report } = await importText(`externalId,name\n${lines.join('\n')}\n`, {
      onError: () => (told += 1),
    });
    expect(report.errors).toHaveLength(MAX_ERRORS);
    expect([report.errorCount, told]).toEqual([MAX_ERRORS + 50, MAX_ERRORS + 50]);
  });

  it('needs no more memory for a long file than for its external ids', async () => {
    const rows = 200_000;
    const before = liveHeap();
    const grown: number[] = [];
    const onProgress = ({ rows: read }: { rows: number }): void => {
      if (read % 50_000 === 0) grown.push((liveHeap() - before) / 2 ** 20);
    };
    const report = await importCsv('customers', generated(rows), { onProgress }, new RecordingSink());
    expect(report.created).toBe(rows);
    expect(grown.length).toBeGreaterThanOrEqual(4);
    // In MB; the rows as objects would be above 100, an external id and its line are some 80 bytes.
    expect(Math.max(...grown)).toBeLessThan(40);
  }, 60_000);
});
