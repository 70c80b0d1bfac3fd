import { exportCampaign } from './export-campaign.js';
import { MAX_CAMPAIGN_BYTES, parseCampaign } from './campaign-file.js';

const LADDER = `kindly: 1
name: Standard reminders
purpose: recover
whenExhausted: nothing
steps:
  - key: heads-up
    at: { anchor: due_date, offset: -P3D, time: 10:00 }
    send: [email]
    template: heads-up
  - key: overdue
    at: { anchor: due_date, offset: P1D, businessDays: true, roll: next }
    send: [preferred, sms, email]
    purpose: notice
    variants:
      - { key: a, weight: 2, template: overdue }
      - { key: b, template: second-notice }
    onlyIf: { balanceAtLeast: "25.00", countries: [DE, AT] }
    repeat: { every: P7D, max: 3 }
  - key: call
    at: { anchor: previous_step, offset: P14D, time: "11:00" }
    task: call
    waitFor: P3D
`;

const problemsOf = (text: string, format: 'yaml' | 'json' = 'yaml') => {
  const result = parseCampaign(text, format);
  return result.ok ? [] : result.problems;
};

describe('a campaign file', () => {
  it('is read from YAML with its defaults filled in', () => {
    const result = parseCampaign(LADDER, 'yaml');
    expect(result).toMatchObject({
      ok: true,
      document: {
        entry: 'gentle',
        steps: [{ at: { time: '10:00', businessDays: false }, purpose: 'reminder' }, {}, {}],
      },
    });
  });

  it('is exported to YAML that reads back to the same document', () => {
    const result = parseCampaign(LADDER, 'yaml');
    if (!result.ok) throw new Error('the ladder is valid');
    const text = exportCampaign(result.document);
    expect(parseCampaign(text, 'yaml')).toEqual(result);
    expect(text).toContain('time: "10:00"');
    expect(text).toContain('send: [ preferred, sms, email ]');
  });

  it('is exported in the documented order, whatever the order it was stored in', () => {
    const result = parseCampaign(LADDER, 'yaml');
    if (!result.ok) throw new Error('the ladder is valid');
    const backwards = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(backwards);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, member]) => [key, backwards(member)]),
      );
    };
    const text = exportCampaign(backwards(result.document) as typeof result.document);
    expect(text).toBe(exportCampaign(result.document));
    expect(text).toMatch(
      /^kindly: 1\nname: .*\npurpose: .*\npolicy: .*\nentry: .*\nonPromiseBroken: .*\nwhenExhausted: .*\nsteps:\n  - key: /,
    );
  });

  it('is read from JSON like from YAML', () => {
    const result = parseCampaign(LADDER, 'yaml');
    if (!result.ok) throw new Error('the ladder is valid');
    expect(parseCampaign(JSON.stringify(result.document), 'json')).toEqual(result);
  });

  it('names line, column and path of what is wrong', () => {
    const problems = problemsOf(LADDER.replace('-P3D', '3 days').replace('[email]', '[email, pigeon]'));
    expect(problems).toMatchObject([
      { path: 'steps[0].at.offset', line: 7, column: 29 },
      { path: 'steps[0].send[1]', line: 8, column: 19 },
    ]);
  });

  it('points at the key of an unknown property and at the step that lacks one', () => {
    const problems = problemsOf(LADDER.replace('    template: heads-up\n', '').replace('waitFor', 'waitfor'));
    expect(problems).toMatchObject([{ path: 'steps[2].waitfor', line: 21, column: 5 }]);
    expect(problemsOf(LADDER.replace('    template: heads-up\n', ''))).toMatchObject([
      { path: 'steps[0]', line: 6 },
    ]);
  });

  it('says where text is no YAML', () => {
    expect(problemsOf('kindly: 1\nname: [a\nsteps: 1\n')[0]).toMatchObject({
      path: '',
      line: expect.any(Number) as unknown,
    });
    expect(problemsOf('a: 1\na: 2\n')[0]).toMatchObject({
      line: 2,
      message: expect.stringContaining('unique') as unknown,
    });
  });

  it('says where text is no JSON', () => {
    expect(problemsOf('{\n  "kindly": 1,\n  name: 2\n}', 'json')).toMatchObject([{ line: 3, column: 3 }]);
    expect(problemsOf('kindly: 1', 'json')[0]?.message).toContain('no valid JSON');
  });

  it('refuses aliases that unfold without end', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [from, to] of [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'd'],
      ['d', 'e'],
    ]) {
      bomb.push(`${to}: &${to} [${Array.from({ length: 10 }, () => `*${from}`).join(', ')}]`);
    }
    expect(problemsOf(bomb.join('\n'))[0]?.message).toContain('aliases');
    expect(problemsOf('name: *nothing')[0]?.message).toMatch(/alias/i);
  });

  it('refuses a file that is no mapping, an empty one and one of exceptional size', () => {
    expect(problemsOf('')).toHaveLength(1);
    expect(problemsOf('- 1')).toHaveLength(1);
    expect(problemsOf('#'.repeat(MAX_CAMPAIGN_BYTES + 1))[0]?.message).toContain('larger');
  });
});
