// Compares what formwork says of the pairs in tests/diff/pairs with @aws-cdk/cloudformation-diff, resource by resource.
//
//   node .ci/diff/compare.mjs target/debug/examples/diff_pairs
//
// Each disagreement stands in differences.json, with who is right and why. One that does not stand there fails, as does
// one that no longer is.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { fullDiff } = createRequire(import.meta.url)('@aws-cdk/cloudformation-diff');

const IMPACTS = {
  NO_CHANGE: 'none',
  WILL_CREATE: 'create',
  WILL_UPDATE: 'update',
  MAY_REPLACE: 'maybe-replace',
  WILL_REPLACE: 'replace',
  WILL_DESTROY: 'delete',
  WILL_ORPHAN: 'retain',
  WILL_IMPORT: 'create',
};

const known = JSON.parse(readFileSync(new URL('differences.json', import.meta.url), 'utf8'));
const lines = execFileSync(process.argv[2], { encoding: 'utf8', maxBuffer: 1 << 28 }).trim().split('\n');
const met = new Set();
let resources = 0;
let failed = false;
for (const line of lines) {
  const { name, old, new: now, actions } = JSON.parse(line);
  const theirs = {};
  fullDiff(old, now).resources.forEachDifference((id, change) => {
    theirs[id] = IMPACTS[change.changeImpact] ?? change.changeImpact;
  });
  for (const id of new Set([...Object.keys(actions), ...Object.keys(theirs)])) {
    resources += 1;
    // Interruptions are not in their model.
    const ours = (actions[id] ?? 'none').replace('interrupt', 'update');
    const other = theirs[id] ?? 'none';
    if (ours === other) continue;
    const place = `${name}/${id}`;
    const entry = known[place];
    if (entry?.ours === ours && entry?.theirs === other && entry.right && entry.why) {
      met.add(place);
    } else {
      failed = true;
      console.error(`${place}: formwork says ${ours}, cloudformation-diff ${other}; expected them to agree`);
    }
  }
}
for (const place of Object.keys(known).filter((place) => !met.has(place))) {
  failed = true;
  console.error(`${place}: they agree now; expected it to leave differences.json`);
}
console.log(`${lines.length} pairs, ${resources} resources: ${met.size} known disagreements`);
process.exit(failed ? 1 : 0);
