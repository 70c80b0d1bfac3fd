import { randomBytes } from 'node:crypto';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { eventually } from './eventually.js';
import { addressOfRun } from './temporal-address.js';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** A namespace of one spec file: task queues have fixed names, and specs run side by side on one server. */
export interface TestTemporal {
  address: string;
  namespace: string;
  client: Client;
  /** For one set of workers; closed with the rest. */
  connectNative(): Promise<NativeConnection>;
  /** Of every run of every workflow, running ones too. */
  histories(): Promise<History[]>;
  close(): Promise<void>;
}

/** Failing activities are what these specs are about, and what a worker says of its start is of no use to them. */
export const quietRuntime = (): Runtime =>
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), shutdownSignals: [] });

export const testTemporal = async (): Promise<TestTemporal> => {
  const address = addressOfRun();
  quietRuntime();
  const namespace = `kindly-test-${randomBytes(6).toString('hex')}`;
  const connection = await Connection.connect({ address });
  await createNamespace(connection, namespace);
  const natives: NativeConnection[] = [];
  const client = new Client({ connection, namespace });
  return {
    address,
    namespace,
    client,
    connectNative: async () => {
      const native = await NativeConnection.connect({ address });
      natives.push(native);
      return native;
    },
    histories: () => readHistories(client),
    close: async () => {
      for (const native of natives) await native.close();
      await connection.operatorService.deleteNamespace({ namespace });
      await connection.close();
    },
  };
};

const RETENTION = msToTs('1 day');

const createNamespace = async ({ workflowService }: Connection, namespace: string): Promise<void> => {
  await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: RETENTION });
  // The server's front end learns of it when it next refreshes its cache.
  await eventually(async () => void (await workflowService.countWorkflowExecutions({ namespace })), 20_000);
};

const readHistories = async (client: Client): Promise<History[]> => {
  const histories: History[] = [];
  for await (const { workflowId, runId } of client.workflow.list())
    histories.push(await client.workflow.getHandle(workflowId, runId).fetchHistory());
  return histories;
};

/** Everything a history says, payloads as the text they carry instead of as bytes. */
export const readable = (history: History): string =>
  JSON.stringify(history, (key, value: unknown) =>
    key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value,
  );
