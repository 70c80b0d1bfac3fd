/**
 * Programs that open and follow what no person asked for: image proxies, link scanners of mail gateways, previews, tools. Their
 * openings and clicks are kept and never count; a person's browser names none of these.
 */
const MACHINES: readonly RegExp[] = [
  /GoogleImageProxy|YahooMailProxy|ggpht\.com/i,
  /barracuda|mimecast|proofpoint|symantec|fireeye|trendmicro|ironport|forcepoint|sophos|zscaler|cloudmark/i,
  /BingPreview|SkypeUriPreview|Microsoft Office Existence|ms-office|SafeLinks|WhatsApp\/|TelegramBot|Slackbot/i,
  /\b(?:bot|crawler|spider|preview|scanner|monitor)\b/i,
  /^(?:curl|wget|python|python-requests|go-http-client|java|okhttp|axios|node|libwww-perl|ruby)\b/i,
  /HeadlessChrome|PhantomJS/i,
];

/** Without a name it is no browser. */
export const isMachineAgent = (agent: string | undefined): boolean =>
  agent === undefined || agent.trim() === '' || MACHINES.some((machine) => machine.test(agent));
