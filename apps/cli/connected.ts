import type { DataSource } from 'typeorm';
import { type StoreRole, openDataSource } from '#store/data-source.js';

/** Does this with a connection of its own, and lets go of it. */
export async function connected<T>(
  url: string,
  role: StoreRole,
  work: (source: DataSource) => Promise<T>,
): Promise<T> {
  const source = await openDataSource({ url, role, poolSize: 1 });
  try {
    return await work(source);
  } finally {
    await source.destroy();
  }
}
