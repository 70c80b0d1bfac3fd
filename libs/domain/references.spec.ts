import { messageIdIn, ownMessageIds } from './references.js';

const CONTACT = '0195e6a0-0000-7000-8000-000000000001';
const ORGANISATION = '0195e6a0-0000-7000-8000-00000000000a';
const OWN = `<${CONTACT}.${ORGANISATION}@billing.example>`;

it('finds our messages among others, in their order', () => {
  const second = OWN.replace('0001', '0002').toUpperCase();
  expect(ownMessageIds(`<a@b.example> ${OWN}\r\n ${second} <CAx=1@mail.example>`)).toEqual([
    { contactId: CONTACT, organisationId: ORGANISATION },
    { contactId: CONTACT.replace('0001', '0002'), organisationId: ORGANISATION },
  ]);
});

it.each(['', 'no header at all', `<${CONTACT}@billing.example>`, `<${CONTACT}.x@b>`, OWN.slice(1)])(
  'finds none in "%s"',
  (text) => {
    expect(ownMessageIds(text)).toEqual([]);
  },
);

it('gives the name of a message as others may refer to it', () => {
  expect(messageIdIn(' <CAx=1.b@mail.example>\r\n')).toBe('<CAx=1.b@mail.example>');
});

it.each([
  null,
  undefined,
  '',
  'a@b',
  '<a>',
  '<a@b> <c@d>',
  '<a\u0001@b>',
  '<ä@b>',
  '<a@b\r\nBcc: x@y>',
  `<${'a'.repeat(300)}@b>`,
])('gives none of what is no name: %j', (header) => {
  expect(messageIdIn(header)).toBeUndefined();
});
