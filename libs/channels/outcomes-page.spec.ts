import { readFileSync } from 'node:fs';
import { SECOND_CALL } from './faults.contract.js';
import { BAD_MAILBOX } from './smtp/smtp-outcome.js';
import { BAD_CHATS } from './telegram/telegram.channel.js';
import { BAD_NUMBERS } from './twilio/twilio-codes.js';

const page = readFileSync(new URL('../../docs/outcomes.md', import.meta.url), 'utf8').split('\n');

/** What the first row that begins so says of such codes, each once and sorted. */
const codesIn = (beginning: RegExp, code: RegExp): string[] =>
  [...new Set((page.find((line) => beginning.test(line)) ?? '').match(code))].sort();

describe('the page of outcomes', () => {
  it('has a row for each outcome', () => {
    const from = page.findIndex((line) => line.startsWith('| outcome '));
    const rows = page.slice(from + 2, page.indexOf('', from));
    expect(rows.map((row) => /`(\w+)`/.exec(row)?.[1])).toEqual(Object.keys(SECOND_CALL));
  });

  it.each<[string, Iterable<string | number>, RegExp, RegExp]>([
    ['numbers at Twilio', BAD_NUMBERS, /^\| +\| 21211,/, /\b\d{5}\b/g],
    ['mailboxes by SMTP', BAD_MAILBOX, /^\| 5yz at `RCPT TO`/, /(?<!_)\b5\.\d+\.\d+\b/g],
    [
      'chats at Telegram',
      BAD_CHATS.map(([, code]) => code),
      /^\| +\| blocked,/,
      /(?<=`)[a-z]+(?:_[a-z]+)+(?=`)/g,
    ],
  ])('names the codes of bad %s as the code does', (_, codes, beginning, code) => {
    expect(codesIn(beginning, code)).toEqual([...new Set([...codes].map(String))].sort());
  });
});
