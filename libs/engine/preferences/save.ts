import type { ConsentInput } from '#contracts/schemas/index.js';
import type { Medium } from '#domain/medium.js';
import {
  bars,
  changesOf,
  type Choice,
  isOfReminders,
  isThere,
  type PreferenceChange,
  type Preferences,
  wordOf,
} from '#domain/preferences.js';
import { causeOf } from '#domain/suppression.js';
import { announceWithDaughters, lockWithDaughters } from '../announce.js';
import { audit } from '../facts/audit.js';
import { recordConsent } from '../facts/consents.js';
import { isRefused } from '../facts/refusal.js';
import { liftSuppressionOf, suppress } from '../facts/suppressions.js';
import type { Scope } from '../scope.js';
import { type Preferring, readPreferring } from './read.js';

/** What proves a choice: the message whose link it came by, and the text that was shown. */
export interface ChoiceEvidence {
  contactId: string;
  text: string;
}

/**
 * Stores what a person chose, as consents and suppressions with what proves them. Nothing of it is about notices: a medium by which
 * these come is closed to reminders alone.
 *
 * @returns their preferences before and after; null when they have no address in use any more
 */
export async function savePreferences(
  scope: Scope,
  choice: Choice,
  evidence: ChoiceEvidence,
): Promise<{ before: Preferences; after: Preferences } | null> {
  const found = await readPreferring(scope, evidence.contactId);
  if (!found) return null;
  await lockWithDaughters(scope, found.customerId);
  const person = await readPreferring(scope, evidence.contactId);
  if (!person) return null;
  const before = person.preferences;
  const wanted = person.isAlone ? choice : { ...choice, preferred: before.preferred };
  const changes = changesOf(before, wanted);
  const saving = new Saving(scope, person, evidence);
  for (const change of changes) await saving.carryOut(change);
  if (changes.length > 0) await saving.tell(changes);
  const after = await readPreferring(scope, evidence.contactId);
  return { before, after: after?.preferences ?? before };
}

type Point = Preferring['points'][number];

class Saving {
  constructor(
    private readonly scope: Scope,
    private readonly person: Preferring,
    private readonly evidence: ChoiceEvidence,
  ) {}

  async carryOut(change: PreferenceChange): Promise<void> {
    switch (change.kind) {
      case 'medium':
        return change.on ? this.open(change.medium) : this.close(change.medium);
      case 'reminders':
        return change.on ? this.remind() : this.remindNoMore();
      case 'offers':
        return this.offer(change.on);
      case 'preferred':
        return this.update('customer', 'preferred_medium', this.person.customerId, change.medium);
      case 'language':
        return this.update('contact_person', 'locale', this.person.personId, change.locale);
    }
  }

  async tell(changes: readonly PreferenceChange[]): Promise<void> {
    const { customerId, personId } = this.person;
    const detail = { person: personId, contact: this.evidence.contactId, changes };
    await audit(this.scope, [
      { action: 'preferences.saved', subjectType: 'customer', subjectId: customerId, detail },
    ]);
    await announceWithDaughters(this.scope, customerId);
  }

  private async close(medium: Medium): Promise<void> {
    if (medium === this.person.preferences.notices) {
      for (const point of this.pointsOf(medium)) await this.suppress(point, medium);
    } else await this.say(medium, 'messages', 'withdrawn');
  }

  private async open(medium: Medium): Promise<void> {
    for (const point of this.pointsOf(medium))
      await this.lift(point, (each) => bars(each, medium) && causeOf(each.reason) === 'word');
    await this.say(medium, 'messages', 'granted');
  }

  private async remindNoMore(): Promise<void> {
    for (const point of this.person.points) await this.suppress(point, null);
  }

  private async remind(): Promise<void> {
    for (const point of this.person.points) await this.lift(point, isOfReminders);
  }

  private async offer(on: boolean): Promise<void> {
    const media = Object.keys(this.person.preferences.media) as Medium[];
    for (const medium of media) await this.say(medium, 'offers', on ? 'granted' : 'withdrawn');
  }

  /** At each address of the medium of which that is not the last word already. */
  private async say(
    medium: Medium,
    purpose: NonNullable<ConsentInput['purpose']>,
    state: ConsentInput['state'],
  ): Promise<void> {
    const { customerExternalId, who } = this.person;
    const { contactId: contact, text } = this.evidence;
    for (const point of this.pointsOf(medium)) {
      if (wordOf(point.words, medium, purpose) === state) continue;
      const input: ConsentInput = {
        customerExternalId,
        medium,
        purpose,
        address: point.normalised,
        state,
        evidence: { who, how: 'preferences page', text, contact },
      };
      const written = await recordConsent(this.scope, input, point.id);
      if (isRefused(written)) throw new Error(`A preference was refused: ${written.reason}.`);
    }
  }

  /** Reminders to an address, by one medium or by all. */
  private async suppress({ kind, normalised }: Point, medium: Medium | null): Promise<void> {
    const { contactId: contact, text } = this.evidence;
    const written = await suppress(this.scope, {
      kind,
      value: normalised,
      ...(medium && { medium }),
      purpose: 'reminder',
      reason: 'unsubscribed',
      evidence: { contact, via: 'preferences', text },
    });
    if (isRefused(written)) throw new Error(`A preference was refused: ${written.reason}.`);
  }

  private async lift(point: Point, which: (each: Point['suppressions'][number]) => boolean): Promise<void> {
    const { kind, normalised: value } = point;
    for (const { medium, purpose } of point.suppressions.filter(which))
      await liftSuppressionOf(
        this.scope,
        { kind, value, ...(medium && { medium }), ...(purpose && { purpose }) },
        'taken back on the preferences page',
      );
  }

  private pointsOf(medium: Medium): Point[] {
    return this.person.points.filter((point) => isThere(point, medium));
  }

  private async update(
    table: 'customer' | 'contact_person',
    column: 'preferred_medium' | 'locale',
    id: string,
    value: string | null,
  ): Promise<void> {
    const { manager, organisationId } = this.scope;
    await manager.query(`update ${table} set ${column} = $3 where organisation_id = $1 and id = $2`, [
      organisationId,
      id,
      value,
    ]);
  }
}
