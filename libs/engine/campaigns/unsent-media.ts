import type { CampaignDocument, SendTarget } from '#domain/campaign/document.js';
import type { MessageMedium } from '#domain/medium.js';

/** A step that may send by a medium which no provider carries. */
export interface UnsentMedium {
  /** `steps[0].send[1]` */
  path: string;
  step: string;
  medium: MessageMedium;
  /** `preferred`: only to customers whose own choice it is. */
  target: SendTarget;
}

/**
 * Where a campaign uses media that nothing carries. A step that names a medium and `preferred` as well is told once, by
 * its name.
 *
 * @param unconfigured media without a provider
 */
export const unsentMedia = (
  { steps }: CampaignDocument,
  unconfigured: readonly MessageMedium[],
): UnsentMedium[] =>
  steps.flatMap(({ key, send = [] }, index) =>
    unconfigured.flatMap((medium) => {
      const target = [medium, 'preferred' as const].find((each) => send.includes(each));
      if (target === undefined) return [];
      return [{ path: `steps[${index}].send[${send.indexOf(target)}]`, step: key, medium, target }];
    }),
  );
