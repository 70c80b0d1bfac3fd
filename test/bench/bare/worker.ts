import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import pg from 'pg';

/** The bare workflow's worker: a process of its own, as Kindly's is, and told in the same way where its servers are. */
const { TEMPORAL_ADDRESS: address, DATABASE_URL: databaseUrl } = process.env;
Runtime.install({ logger: new DefaultLogger('WARN') });
const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
const insert = { name: 'bare', text: 'insert into bare_step (workflow) values ($1)' };
const activities = {
  async twoCommits(id: string): Promise<void> {
    await pool.query({ ...insert, values: [id] });
    await pool.query({ ...insert, values: [id] });
  },
  async nothing(): Promise<void> {},
};
const connection = await NativeConnection.connect({ address });
const workflowsPath = fileURLToPath(new URL('./workflows.js', import.meta.url));
// As Kindly's own worker is set.
const limits = { maxConcurrentActivityTaskExecutions: 50, maxConcurrentWorkflowTaskExecutions: 40 };
const workflowTaskPollerBehavior = { type: 'autoscaling', minimum: 5, initial: 20, maximum: 40 } as const;
const workers = await Promise.all([
  Worker.create({ connection, taskQueue: 'bare', workflowsPath, workflowTaskPollerBehavior, ...limits }),
  Worker.create({ connection, taskQueue: 'bare-activities', activities, ...limits }),
]);
process.on('SIGTERM', () => workers.forEach((worker) => worker.shutdown()));
process.send?.('ready');
await Promise.all(workers.map((worker) => worker.run()));
await connection.close();
await pool.end();
