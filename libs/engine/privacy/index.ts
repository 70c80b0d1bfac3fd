export { eraseCustomer } from './erase.js';
export { personalData } from './personal-data.js';
export { recogniseErased } from './recognise-erased.js';
