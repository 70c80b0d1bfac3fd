import { isMachineAgent } from './machine-agents.js';

describe('who opened it', () => {
  it.each([
    'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
    'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html',
    'Mozilla/5.0 (compatible; BarracudaCentral)',
    'Mozilla/5.0 (Windows NT 6.1) BingPreview/1.0b',
    'Microsoft Office Existence Discovery',
    'TelegramBot (like TwitterBot)',
    'python-requests/2.31',
    'curl/8.4.0',
    'Mozilla/5.0 (X11) HeadlessChrome/120.0',
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    '',
    undefined,
  ])('%j is a machine', (agent) => {
    expect(isMachineAgent(agent)).toBe(true);
  });

  it.each([
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
    'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.0',
  ])('%j is a person’s', (agent) => {
    expect(isMachineAgent(agent)).toBe(false);
  });
});
