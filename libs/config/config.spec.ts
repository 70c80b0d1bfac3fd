import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from './config.js';

const MINIMAL = {
  DATABASE_URL: 'postgres://owner:secret@db.example.com:6432/kindly?sslmode=require',
  KINDLY_APP_PASSWORD: 'p@ss/word:1',
  KINDLY_SYSTEM_PASSWORD: 'other',
};

const problemsOf = (environment: Record<string, string>): string[] => {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => problem.variable);
    throw error;
  }
  return [];
};

describe('loadConfig', () => {
  it('derives the URLs of the roles from the owner’s, whatever is in a password', () => {
    const { database } = loadConfig(MINIMAL);
    expect(database.ownerUrl).toBe(MINIMAL.DATABASE_URL);
    const app = new URL(database.appUrl);
    expect(app.username).toBe('kindly_app');
    expect(decodeURIComponent(app.password)).toBe('p@ss/word:1');
    expect(`${app.host}${app.pathname}${app.search}`).toBe('db.example.com:6432/kindly?sslmode=require');
    expect(new URL(database.systemUrl).username).toBe('kindly_system');
    expect(database.passwords).toEqual({ appPassword: 'p@ss/word:1', systemPassword: 'other' });
  });

  it('prefers the URLs of the roles and then needs neither owner nor passwords', () => {
    const urls = { DATABASE_APP_URL: 'postgres://a:b@h/k', DATABASE_SYSTEM_URL: 'postgres://c:d@h/k' };
    expect(loadConfig(urls).database).toMatchObject({
      appUrl: urls.DATABASE_APP_URL,
      systemUrl: urls.DATABASE_SYSTEM_URL,
    });
    expect(loadConfig(urls).database.ownerUrl).toBeUndefined();
  });

  it('lists every bad variable at once', () => {
    const bad = { DATABASE_URL: 'mysql://x/y', PORT: '99999', LOG_LEVEL: 'loud', KINDLY_ROOT_KEY: 'short' };
    expect(problemsOf(bad).sort()).toEqual([
      'DATABASE_URL',
      'KINDLY_APP_PASSWORD',
      'KINDLY_ROOT_KEY',
      'KINDLY_SYSTEM_PASSWORD',
      'LOG_LEVEL',
      'PORT',
    ]);
  });

  it('tells what to write and never what was written', () => {
    const load = () => loadConfig({ ...MINIMAL, KINDLY_ROOT_KEY: 'hunter2', SENDGRID_API_KEY: 'hunter3' });
    expect(load).toThrow(/KINDLY_ROOT_KEY is too short.*openssl rand[\s\S]*SENDGRID_API_KEY is no key/);
    expect(load).not.toThrow(/hunter/);
  });

  it('asks for a database when there is none', () => {
    expect(problemsOf({})).toEqual(['DATABASE_APP_URL', 'DATABASE_SYSTEM_URL']);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ ...MINIMAL, PORT: '', SMTP_HOST: ' ' })).toMatchObject({ api: { port: 3000 } });
  });

  it.each([
    [{ TWILIO_ACCOUNT_SID: 'AC123' }, 'TWILIO_AUTH_TOKEN'],
    [{ TWILIO_AUTH_TOKEN: '0123456789' }, 'TWILIO_ACCOUNT_SID'],
    [{ SMTP_HOST: 'mail', SMTP_USER: 'me' }, 'SMTP_PASSWORD'],
    [{ IMAP_HOST: 'mail', IMAP_USER: 'me' }, 'IMAP_PASSWORD'],
    [{ TEMPORAL_TLS_CERT_FILE: 'c.pem' }, 'TEMPORAL_TLS_KEY_FILE'],
  ])('refuses half of what belongs together: %j', (half, missing) => {
    expect(problemsOf({ ...MINIMAL, ...half })).toEqual([missing]);
  });

  it('configures the channels that have credentials, and no other', () => {
    const { channels } = loadConfig({
      ...MINIMAL,
      SMTP_HOST: 'mail.example.com',
      SMTP_PORT: '465',
      TELEGRAM_BOT_TOKEN: '1:A',
    });
    expect(channels.smtp).toMatchObject({ host: 'mail.example.com', port: 465, secure: true });
    expect(channels.telegram).toMatchObject({ botToken: '1:A' });
    expect(channels.sendgrid ?? channels.twilio).toBeUndefined();
    expect(channels.outboxDirectory).toBeNull();
  });

  it('has a mailbox where one is named, with TLS unless told', () => {
    expect(loadConfig(MINIMAL).imap).toBeUndefined();
    const given = { IMAP_HOST: 'mail.example.com', IMAP_USER: 'me', IMAP_PASSWORD: 'secret' };
    expect(loadConfig({ ...MINIMAL, ...given }).imap).toMatchObject({
      port: 993,
      secure: true,
      folder: 'INBOX',
    });
    expect(loadConfig({ ...MINIMAL, ...given, IMAP_PORT: '143' }).imap).toMatchObject({
      secure: false,
      requireTls: true,
    });
    expect(problemsOf({ ...MINIMAL, ...given, IMAP_ORGANISATION: 'acme' })).toEqual(['IMAP_ORGANISATION']);
  });

  it('reads when to look for messages that may have gone out', () => {
    const looks = (KINDLY_RECONCILE_AFTER: string): unknown =>
      loadConfig({ ...MINIMAL, KINDLY_RECONCILE_AFTER }).worker.reconcileAfterMs;
    expect(loadConfig(MINIMAL).worker.reconcileAfterMs).toBeUndefined();
    expect(looks('PT1M, PT1H30M')).toEqual([60_000, 5_400_000]);
  });

  it.each(['60', 'P1D', '-PT5M', 'PT1M,', 'PT0S'])('refuses "%s" as waits before a look', (text) => {
    expect(problemsOf({ ...MINIMAL, KINDLY_RECONCILE_AFTER: text })).toEqual(['KINDLY_RECONCILE_AFTER']);
  });

  it('uses TLS for Temporal when told, or when a certificate is named', () => {
    expect(loadConfig(MINIMAL).temporal.tls).toBeUndefined();
    expect(loadConfig({ ...MINIMAL, TEMPORAL_TLS: 'true' }).temporal.tls).toBeDefined();
    expect(loadConfig({ ...MINIMAL, TEMPORAL_TLS_CA_FILE: 'ca.pem' }).temporal.tls).toMatchObject({
      caFile: 'ca.pem',
    });
  });

  it('makes the public URL from the port unless it is given, without a slash at the end', () => {
    expect(loadConfig({ ...MINIMAL, PORT: '8080' }).api.publicUrl).toBe('http://localhost:8080');
    expect(loadConfig({ ...MINIMAL, KINDLY_PUBLIC_URL: 'https://k.example.com/' }).api.publicUrl).toBe(
      'https://k.example.com',
    );
  });
});
