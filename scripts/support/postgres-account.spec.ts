import { canReach, chooseAccount } from './postgres-account.mjs';

const account = { uid: 101, gid: 104 };
const directory = (mode: number, uid = 0, gid = 0) => ({ mode: 0o040_000 | mode, uid, gid });

describe('chooseAccount', () => {
  const nobody = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin';

  it('prefers the account made for PostgreSQL', () => {
    expect(
      chooseAccount(`root:x:0:0::/root:/bin/bash\n${nobody}\npostgres:x:101:104::/:/bin/bash\n`),
    ).toEqual(account);
  });

  it('takes nobody where there is no other', () => {
    expect(chooseAccount(`root:x:0:0::/root:/bin/bash\n${nobody}\n`)).toEqual({ uid: 65534, gid: 65534 });
  });

  it('never takes one that is root under another name', () => {
    expect(chooseAccount('postgres:x:0:0::/root:/bin/bash\n')).toBeUndefined();
  });
});

describe('canReach', () => {
  const reach = (tree: Record<string, ReturnType<typeof directory>>) =>
    canReach('/root/kindly', account, (path) => tree[path] ?? directory(0o755));

  it('passes through directories that are open to all', () => {
    expect(reach({})).toBe(true);
  });

  it('does not pass through a closed parent', () => {
    expect(reach({ '/root': directory(0o700) })).toBe(false);
  });

  it('passes through a closed directory of its own or of its group', () => {
    expect(reach({ '/root': directory(0o700, account.uid) })).toBe(true);
    expect(reach({ '/root': directory(0o710, 0, account.gid) })).toBe(true);
  });
});
