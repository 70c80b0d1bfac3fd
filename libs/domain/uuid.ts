const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether it has the form of an id of Kindly's. */
export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
