export { readPack } from './read-pack.js';
