/** The Temporal server of the test run, host:port; undefined where the run has none. */
export const temporalAddress = process.env['KINDLY_TEST_TEMPORAL_ADDRESS'];

export const temporalNamespace = process.env['KINDLY_TEST_TEMPORAL_NAMESPACE'] ?? 'default';

/** @throws {Error} saying how to get one, where the run has none */
export const addressOfRun = (): string => {
  if (temporalAddress) return temporalAddress;
  throw new Error(
    'These specs need a Temporal server: run `npm test -- workflow`, which starts one, ' +
      'or set KINDLY_TEST_TEMPORAL_ADDRESS to the address of one you can spare.',
  );
};
