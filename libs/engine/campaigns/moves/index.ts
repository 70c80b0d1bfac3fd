export { type MoveDeps, moveWaiting } from './move-waiting.js';
export {
  type ChangeLine,
  MovePreview,
  previewChunk,
  type PreviewedChange,
  type PreviewTarget,
  previewTarget,
} from './preview-move.js';
export {
  ENROLMENT_CHOICES,
  type EnrolmentChoice,
  MOVE_CHANNEL,
  type MoveView,
  readMove,
} from './request-move.js';
