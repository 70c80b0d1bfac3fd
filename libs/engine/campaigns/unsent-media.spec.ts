import { campaignDocumentSchema, type CampaignInput } from '#domain/campaign/document.js';
import { unsentMedia } from './unsent-media.js';

const ladder = (...sends: NonNullable<CampaignInput['steps'][number]['send']>[]) =>
  campaignDocumentSchema.parse({
    kindly: 1,
    policy: 'none',
    name: 'Ladder',
    steps: sends.map((send, index) => ({
      key: `step-${index}`,
      at: { anchor: 'due_date' },
      send,
      template: 'overdue',
    })),
  });

describe('unsentMedia', () => {
  it('names every step and medium that no provider carries', () => {
    expect(unsentMedia(ladder(['email'], ['email', 'sms']), ['sms', 'telegram'])).toEqual([
      { path: 'steps[1].send[1]', step: 'step-1', medium: 'sms', target: 'sms' },
    ]);
  });

  it('counts what a customer may prefer, once where the step names it as well', () => {
    expect(unsentMedia(ladder(['preferred', 'sms']), ['sms', 'telegram'])).toEqual([
      { path: 'steps[0].send[1]', step: 'step-0', medium: 'sms', target: 'sms' },
      { path: 'steps[0].send[0]', step: 'step-0', medium: 'telegram', target: 'preferred' },
    ]);
  });

  it('finds nothing where every medium has a provider, nor in a call', () => {
    expect(unsentMedia(ladder(['preferred', 'sms']), [])).toEqual([]);
    expect(unsentMedia(ladder(['call']), ['email', 'sms', 'telegram'])).toEqual([]);
  });
});
