export { type ReleaseDeps, releaseWaiting } from './release.js';
export {
  readInstallationStop,
  readStops,
  RELEASE_CHANNEL,
  releaseInstallation,
  releaseOrganisation,
  type Stop,
  stopInstallation,
  stopOrganisation,
  stoppedOrganisations,
  tellOfRelease,
} from './stop.js';
