import { campaignOf, dueStep, factsOf, local } from '#domain/facts.factory.js';
import { weekendCalendar } from '#domain/working-days.js';
import { initialCursor } from './cursor.js';
import { plan } from './plan.js';
import { Walk } from './walk.factory.js';
it('perf', () => {
  const doc = campaignOf(['-P10D','-P3D','P0D','P1D','P7D','P14D','P21D','P30D','P45D','P60D'].map((o,i)=>dueStep(`s${i}`,o)));
  const mid = new Walk(factsOf(), doc).until('2026-04-09');
  for (const [name, f, c, now] of [['start', factsOf(), initialCursor(), local('2026-03-01')], ['mid', mid.facts, mid.cursor, mid.now]] as const) {
    for (let r=0;r<3;r++) {
    const n=20000; const t=performance.now();
    for (let i=0;i<n;i++) plan(f, doc, c, now+i, weekendCalendar);
    console.log(name, ((performance.now()-t)/n*1000).toFixed(1),'us');
    }
  }
});
