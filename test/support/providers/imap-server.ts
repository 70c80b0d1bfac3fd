import { createServer, type Socket } from 'node:net';
import { Listener } from './listener.js';

export const IMAP_USER = 'replies@example.com';
export const IMAP_PASSWORD = 'test-password';

export interface ImapServerOptions {
  /** Can tell of mail by itself (RFC 2177); true unless told. */
  idle?: boolean;
}

export interface StoredMail {
  readonly uid: number;
  readonly raw: Buffer;
  readonly flags: Set<string>;
  readonly cameAt: Date;
}

/** A mailbox with one folder, over IMAP4rev1 (RFC 3501) as far as a reader needs it. Everything it was told is on record. */
export class ImapServer {
  readonly mails: StoredMail[] = [];
  /** Commands as they came, without their tags; of a login no more than its name. */
  readonly commands: string[] = [];
  uidValidity = 1;
  /** Closes the connection instead of carrying out the next command that this matches. */
  breakOn: RegExp | undefined;
  /** Mails that it holds and cannot give: answered `NO`, for a while or not, or with nothing in place of the bytes. */
  readonly damaged = new Map<number, 'no' | 'unavailable' | 'nil'>();
  /** RFC 3501 lets a server leave it out. */
  tellsUidNext = true;
  /** Lets nobody mark anything. */
  isReadOnly = false;
  /** Greets, and answers nothing. */
  isSilent = false;
  nextUid = 1;
  private readonly sessions = new Set<Session>();
  private readonly listener: Listener;

  private constructor(readonly options: ImapServerOptions) {
    const server = createServer((socket) => {
      const session = new Session(this, socket);
      this.sessions.add(session);
      socket.once('close', () => this.sessions.delete(session));
    });
    this.listener = new Listener(server);
  }

  static async start(options: ImapServerOptions = {}): Promise<ImapServer> {
    const server = new ImapServer(options);
    await server.listener.listen();
    return server;
  }

  get port(): number {
    return this.listener.port;
  }

  /** Puts a mail into the folder, and tells whoever listens. @returns its UID */
  deliver(raw: string | Buffer, { cameAt = new Date(), seen = false } = {}): number {
    const uid = this.nextUid++;
    const bytes = Buffer.from(typeof raw === 'string' ? raw.replace(/\r?\n/g, '\r\n') : raw);
    this.mails.push({ uid, raw: bytes, flags: new Set(seen ? ['\\Seen'] : []), cameAt });
    for (const session of this.sessions) session.tellOfMail();
    return uid;
  }

  remove(uid: number): void {
    this.mails.splice(
      this.mails.findIndex((mail) => mail.uid === uid),
      1,
    );
  }

  /** Numbers all mail anew, as a server does that was restored from a copy. */
  renumber(): void {
    this.uidValidity += 1;
    const all = this.mails.splice(0);
    this.nextUid = 1;
    for (const { raw, flags, cameAt } of all) this.mails.push({ uid: this.nextUid++, raw, flags, cameAt });
  }

  flagsOf(uid: number): string[] {
    return [...(this.mails.find((mail) => mail.uid === uid)?.flags ?? [])].sort();
  }

  get isIdledOn(): boolean {
    return [...this.sessions].some(({ idleTag }) => idleTag !== undefined);
  }

  /** Ends every connection; new ones are taken. */
  drop(): void {
    for (const { socket } of this.sessions) socket.destroy();
  }

  refuse(): Promise<void> {
    return this.listener.close();
  }

  restore(): Promise<void> {
    return this.listener.listen();
  }

  stop(): Promise<void> {
    return this.listener.close();
  }
}

class Session {
  idleTag: string | undefined;
  private pending = '';
  private isIn = false;
  private isSelected = false;
  /** How many mails the client knows of. */
  private told = 0;

  constructor(
    private readonly server: ImapServer,
    readonly socket: Socket,
  ) {
    socket.setEncoding('latin1');
    socket.on('data', (data: string) => this.take(data));
    this.write('* OK ready');
  }

  tellOfMail(): void {
    if (this.isSelected && this.idleTag !== undefined) this.write(this.exists());
  }

  private exists(): string {
    this.told = this.server.mails.length;
    return `* ${String(this.server.mails.length)} EXISTS`;
  }

  private write(line: string): void {
    this.socket.write(`${line}\r\n`, 'latin1');
  }

  private take(data: string): void {
    this.pending += data;
    for (let end = this.pending.indexOf('\r\n'); end >= 0; end = this.pending.indexOf('\r\n')) {
      const line = this.pending.slice(0, end);
      this.pending = this.pending.slice(end + 2);
      this.answer(line);
    }
  }

  private answer(line: string): void {
    if (this.idleTag !== undefined) {
      if (/^done$/i.test(line)) this.write(`${this.idleTag} OK over`);
      this.idleTag = undefined;
      return;
    }
    const [, tag = '*', command = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
    this.server.commands.push(command.replace(/^(LOGIN) .*/i, '$1'));
    if (this.server.isSilent) return;
    if (this.server.breakOn?.test(command)) {
      this.server.breakOn = undefined;
      this.socket.destroy();
      return;
    }
    const [verb = '', second = ''] = command.toUpperCase().split(' ');
    const answer = this.carryOut(verb === 'UID' ? `UID ${second}` : verb, command, tag);
    if (answer !== null) this.write(`${tag} ${answer}`);
  }

  /** @returns null when the answer comes later */
  private carryOut(verb: string, command: string, tag: string): string | null {
    if (verb === 'CAPABILITY') {
      this.write(`* CAPABILITY IMAP4rev1${this.server.options.idle === false ? '' : ' IDLE'}`);
      return 'OK';
    }
    if (verb === 'LOGIN') return this.login(command);
    if (verb === 'NOOP') {
      if (this.isSelected) this.write(this.exists());
      return 'OK';
    }
    if (verb === 'LOGOUT') {
      this.write('* BYE');
      this.socket.end(`${tag} OK\r\n`);
      return null;
    }
    if (!this.isIn) return 'NO log in first';
    if (verb === 'LIST' || verb === 'LSUB') {
      this.write(`* ${verb} () "/" INBOX`);
      return 'OK';
    }
    if (verb === 'SELECT') return this.select(command);
    if (!this.isSelected) return 'BAD no folder is open';
    if (verb === 'IDLE') {
      this.idleTag = tag;
      this.socket.write('+ idling\r\n');
      // What came since the last command, as real servers say.
      if (this.server.mails.length !== this.told) this.tellOfMail();
      return null;
    }
    if (verb === 'UID SEARCH') return this.search(command);
    if (verb === 'UID FETCH') return this.fetch(command);
    if (verb === 'UID STORE') return this.store(command);
    return 'BAD unknown';
  }

  private login(command: string): string {
    const given = [...command.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)]
      .slice(1)
      .map(([, quoted, atom]) => quoted ?? atom);
    this.isIn = given[0] === IMAP_USER && given[1] === IMAP_PASSWORD;
    return this.isIn ? 'OK' : 'NO [AUTHENTICATIONFAILED] no such user or password';
  }

  private select(command: string): string {
    this.isSelected = /^select "?inbox"?( |$)/i.test(command);
    if (!this.isSelected) return 'NO [NONEXISTENT] no such folder';
    this.write('* FLAGS (\\Seen \\Flagged)');
    this.write(this.exists());
    this.write(`* OK [UIDVALIDITY ${String(this.server.uidValidity)}]`);
    if (this.server.tellsUidNext) this.write(`* OK [UIDNEXT ${String(this.server.nextUid)}]`);
    this.write('* OK [PERMANENTFLAGS (\\Seen \\Flagged)]');
    return this.server.isReadOnly ? 'OK [READ-ONLY]' : 'OK [READ-WRITE]';
  }

  private search(command: string): string {
    const { mails } = this.server;
    const [, from] = / UID (\d+|\*)(?::\*)?/.exec(command) ?? [];
    const [, day] = / SINCE "?([\w-]+)"?/i.exec(command) ?? [];
    const last = mails.at(-1)?.uid ?? 0;
    const found = mails.filter(
      ({ uid, flags, cameAt }) =>
        // RFC 3501, 6.4.8: the last mail is in the range also when the range begins behind it.
        (from === undefined || uid >= (from === '*' ? last : Math.min(Number(from), last))) &&
        (day === undefined || cameAt >= new Date(`${day} UTC`)) &&
        (!/ UNSEEN/i.test(command) || !flags.has('\\Seen')),
    );
    this.write(['* SEARCH', ...found.map(({ uid }) => String(uid))].join(' '));
    return 'OK';
  }

  private fetch(command: string): string {
    const [, uid] = /^UID FETCH (\d+) /i.exec(command) ?? [];
    const index = this.server.mails.findIndex((mail) => mail.uid === Number(uid));
    const mail = this.server.mails[index];
    if (!mail) return 'OK';
    const size = /RFC822\.SIZE/i.test(command) ? ` RFC822.SIZE ${String(mail.raw.length)}` : '';
    const head = `* ${String(index + 1)} FETCH (UID ${String(mail.uid)}${size}`;
    if (/BODY\.PEEK\[\]/i.test(command)) {
      const damage = this.server.damaged.get(mail.uid);
      if (damage === 'no') return 'NO it cannot be read';
      if (damage === 'unavailable') return 'NO [UNAVAILABLE] in a moment';
      if (damage === 'nil') {
        this.write(`${head} BODY[] NIL)`);
        return 'OK';
      }
      this.socket.write(`${head} BODY[] {${String(mail.raw.length)}}\r\n`, 'latin1');
      this.socket.write(mail.raw);
      this.write(')');
    } else this.write(`${head})`);
    return 'OK';
  }

  private store(command: string): string {
    if (this.server.isReadOnly) return 'NO it may only be read';
    const [, uid, added = ''] = /^UID STORE (\d+) \+FLAGS(?:\.SILENT)? \(([^)]*)\)/i.exec(command) ?? [];
    const mail = this.server.mails.find((each) => each.uid === Number(uid));
    for (const flag of added.split(' ')) mail?.flags.add(flag);
    return 'OK';
  }
}
