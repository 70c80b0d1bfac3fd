import fc from 'fast-check';
import { byName, type ClockWorld, compare, type DueStep, runTimeline, type TimedEvent } from './timeline.js';

interface Planned {
  name: string;
  at: number;
  /** What comes of it: due again at this time. */
  then?: number;
}

/** A world that writes down what happens, in order: `12 clock`, `12 a`. */
class FakeWorld implements ClockWorld {
  readonly log: string[] = [];
  constructor(
    private clock: number,
    public steps: Planned[] = [],
  ) {}

  now = async (): Promise<number> => this.clock;
  nextDue = async (): Promise<number | null> =>
    this.steps.length === 0 ? null : Math.min(...this.steps.map(({ at }) => at));

  async setClock(to: number): Promise<void> {
    expect(to).toBeGreaterThan(this.clock);
    this.clock = to;
    this.log.push(`${to} clock`);
  }

  async due(): Promise<DueStep[]> {
    const due = this.steps.filter(({ at }) => at <= this.clock);
    return due.map((step) => ({ ...named(step.name), run: async () => this.run(step) }));
  }

  private run(step: Planned): void {
    this.log.push(`${this.clock} ${step.name}`);
    this.steps = this.steps.filter((each) => each !== step);
    if (step.then !== undefined) this.steps.push({ name: step.name, at: step.then });
  }

  event(at: number, kind: TimedEvent['kind'], name: string, apply = (): void => undefined): TimedEvent {
    const applied = async (): Promise<void> => {
      this.log.push(`${this.clock} ${kind} ${name}`);
      apply();
    };
    return { at, kind, ...named(name), apply: applied };
  }
}

/** `customer/dueOn/invoice`, each as far as it is given. */
function named(name: string): { customer: string; dueOn: string; invoice: string } {
  const [customer = '', dueOn = '', invoice = ''] = name.split('/');
  return { customer, dueOn, invoice };
}

describe('runTimeline', () => {
  it('goes from moment to moment, of events and steps alike, until nothing is left', async () => {
    const world = new FakeWorld(0, [{ name: 'a', at: 5, then: 9 }]);
    const events = [world.event(7, 'fact', 'paid'), world.event(2, 'enrolment', 'a')];
    expect(await runTimeline(world, events)).toEqual({ now: 9, reached: true });
    expect(world.log).toEqual([
      '2 clock',
      '2 enrolment a',
      '5 clock',
      '5 a',
      '7 clock',
      '7 fact paid',
      '9 clock',
      '9 a',
    ]);
  });

  it('at one instant enrols first, then takes the facts, then the steps', async () => {
    const world = new FakeWorld(0, [{ name: 'step', at: 5 }]);
    await runTimeline(world, [world.event(5, 'fact', 'a'), world.event(5, 'enrolment', 'z')]);
    expect(world.log.slice(1)).toEqual(['5 enrolment z', '5 fact a', '5 step']);
  });

  it('at one instant goes by customer, due date and invoice, in code units and not in a language', async () => {
    const names = ['b/1/1', 'a/2/1', 'a/1/2', 'a/1/10', 'B/9/9', 'é/0/0'];
    const world = new FakeWorld(
      0,
      names.map((name) => ({ name, at: 1 })),
    );
    await runTimeline(world, []);
    const ordered = ['B/9/9', 'a/1/10', 'a/1/2', 'a/2/1', 'b/1/1', 'é/0/0'];
    expect(world.log.slice(1)).toEqual(ordered.map((name) => `1 ${name}`));
  });

  it('runs at the same moment what a fact or a step makes due at it', async () => {
    const world = new FakeWorld(0, [{ name: 'a', at: 5, then: 5 }]);
    const wake = world.event(5, 'fact', 'x', () => world.steps.push({ name: 'woken', at: 3 }));
    await runTimeline(world, [wake]);
    expect(world.log).toEqual(['5 clock', '5 fact x', '5 a', '5 woken', '5 a']);
  });

  it('never turns the clock back for what is overdue', async () => {
    const world = new FakeWorld(10, [{ name: 'late', at: 3 }]);
    expect(await runTimeline(world, [world.event(4, 'fact', 'old')])).toEqual({ now: 10, reached: true });
    expect(world.log).toEqual(['10 fact old', '10 late']);
  });

  it('stops at `until`, what happens at that moment included, and leaves the clock there', async () => {
    const world = new FakeWorld(0, [{ name: 'a', at: 5, then: 6 }]);
    expect(await runTimeline(world, [], { until: 5 })).toEqual({ now: 5, reached: true });
    expect(world.log).toEqual(['5 clock', '5 a']);
    const quiet = new FakeWorld(0, [{ name: 'a', at: 9 }]);
    expect(await runTimeline(quiet, [], { until: 7 })).toEqual({ now: 7, reached: true });
    expect(quiet.log).toEqual(['7 clock']);
  });

  it('pauses between two moments, and says that it did not arrive', async () => {
    const world = new FakeWorld(0, [{ name: 'a', at: 1, then: 2 }]);
    const shouldPause = (): boolean => world.log.includes('1 a');
    expect(await runTimeline(world, [], { until: 5, shouldPause })).toEqual({ now: 1, reached: false });
    expect(await runTimeline(world, [], { until: 5 })).toEqual({ now: 5, reached: true });
    expect(world.log).toEqual(['1 clock', '1 a', '2 clock', '2 a', '5 clock']);
  });

  it('tells of each moment once it has come, before anything happens at it', async () => {
    const world = new FakeWorld(0, [{ name: 'a', at: 4 }]);
    await runTimeline(world, [], { onMoment: (at) => void world.log.push(`moment ${at}`) });
    expect(world.log).toEqual(['4 clock', 'moment 4', '4 a']);
  });

  it('does nothing where there is nothing to do', async () => {
    expect(await runTimeline(new FakeWorld(3), [])).toEqual({ now: 3, reached: true });
  });

  it('takes events in any order for the same', async () => {
    const plain = fc.record({
      at: fc.nat(4),
      kind: fc.constantFrom('fact' as const, 'enrolment' as const),
      id: fc.nat(30),
    });
    const lists = fc
      .uniqueArray(plain, { selector: ({ id }) => id })
      .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
    const logOf = async (list: { at: number; kind: TimedEvent['kind']; id: number }[]): Promise<string[]> => {
      const world = new FakeWorld(-1);
      await runTimeline(
        world,
        list.map(({ at, kind, id }) => world.event(at, kind, `c${id % 3}//${id}`)),
      );
      return world.log;
    };
    const same = fc.asyncProperty(lists, async ([list, shuffled]) => {
      expect(await logOf(shuffled)).toEqual(await logOf(list));
    });
    await fc.assert(same, { seed: 3, numRuns: 100 });
  });
});

describe('compare and byName', () => {
  it('order totally', () => {
    expect([compare('a', 'b'), compare('b', 'a'), compare('a', 'a')]).toEqual([-1, 1, 0]);
    expect(byName(named('a/2/1'), named('a/10/1'))).toBe(1);
    expect(byName(named('a/1/1'), named('a/1/1'))).toBe(0);
  });
});
