export { type LinkKind, type LinkToken, readLink, signLink } from './link-token.js';
