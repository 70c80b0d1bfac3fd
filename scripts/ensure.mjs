/**
 * Makes a checkout ready to run: Node's version, installed modules, compiled code. Does nothing, quickly, when all is
 * there. Runs before anything is installed, so it and all it imports use nothing but Node.
 * Usage: node scripts/ensure.mjs [--modules]   (--modules: install only, do not compile)
 */
const OLDEST = { major: 20, minor: 19 };

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor)) {
  console.error(
    `Kindly needs Node ${OLDEST.major}.${OLDEST.minor} or newer; this is ${process.version} (${process.execPath}).`,
  );
  process.exit(1);
}

// Only now: what follows may use what older versions cannot even parse.
const { ensureModules } = await import('./support/modules.mjs');
const { ensureBuilt } = await import('./build.mjs');
const { withLock } = await import('./support/lock.mjs');
const { messageOf, say } = await import('./support/progress.mjs');

try {
  await withLock('ensure', 'another set-up of this checkout', async () => {
    await ensureModules();
    if (!process.argv.includes('--modules')) await ensureBuilt();
  });
} catch (error) {
  say(messageOf(error));
  process.exitCode = 1;
}
