/** The Temporal server of the test run, host:port; undefined where the run has none. */
export const temporalAddress = process.env['KINDLY_TEST_TEMPORAL_ADDRESS'];

export const temporalNamespace = process.env['KINDLY_TEST_TEMPORAL_NAMESPACE'] ?? 'default';
