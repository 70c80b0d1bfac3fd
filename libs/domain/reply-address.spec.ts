import fc from 'fast-check';
import { contactOfReplyAddress, replyAddress } from './reply-address.js';

const ID = '0192f0c4-7a3b-7c11-8d2e-5a6b7c8d9e0f';

describe('the address for answers to a message', () => {
  it('names the contact behind a plus', () => {
    expect(replyAddress('ann@creditor.example', ID)).toBe('ann+agjpbrd2hn6bddjoljvxzdm6b4@creditor.example');
  });

  it('is read back to the contact, in whichever case it returns', () => {
    const local = fc.stringMatching(/^[a-z0-9.+-]{1,37}$/);
    fc.assert(
      fc.property(local, fc.uuid(), fc.boolean(), (name, id, shouted) => {
        const address = replyAddress(`${name}@creditor.example`, id);
        expect(contactOfReplyAddress(shouted ? address.toUpperCase() : address)).toBe(id);
      }),
    );
  });

  it('stays as it is where a mail system would refuse the longer one', () => {
    const long = `${'a'.repeat(38)}@creditor.example`;
    expect(replyAddress(long, ID)).toBe(long);
  });

  it.each([
    'ann@creditor.example',
    'ann+newsletter@creditor.example',
    `ann+${'a'.repeat(25)}@creditor.example`,
    // The bits to spare are set: nothing made this.
    `ann+${'a'.repeat(25)}b@creditor.example`,
    '',
  ])('is not %j', (address) => expect(contactOfReplyAddress(address)).toBeNull());

  it('is made for nothing but a uuid', () => {
    expect(() => replyAddress('ann@creditor.example', 'C-1')).toThrow(TypeError);
  });
});
