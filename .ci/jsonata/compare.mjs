// Holds our expressions against npm `jsonata` 2.0.6, which the service states: `node compare.mjs PROGRAM [COUNT] [SEED]`.
//
// PROGRAM reads a line `{"expression", "input"}` for each and answers with a line: `{"value"}`, `{"error": code}`, or
// `{"value": "(undefined)"}`. A difference must be of a kind in `differences.json`, and few must be of one that no measured
// fact demands.

import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import jsonata from 'jsonata';
import {cases} from './generate.mjs';

const [program, count = '6000', seed = '1', show] = process.argv.slice(2);
const LEAST = 0.995;

const generated = cases(Number(count), Number(seed));
const theirs = [];
for (const each of generated) theirs.push(await answer(each));
const run = spawnSync(program, {input: generated.map(each => JSON.stringify(each)).join('\n') + '\n', maxBuffer: 1 << 30});
if (run.status !== 0) throw new Error(`${program}: ${run.stderr} ${run.error ?? ''}`);
const ours = run.stdout.toString().trimEnd().split('\n').map(line => canonical(JSON.parse(line)));
if (ours.length !== theirs.length) throw new Error(`${program} answered ${ours.length} of ${theirs.length}`);

const kinds = JSON.parse(readFileSync(new URL('differences.json', import.meta.url)));
const found = Object.fromEntries(kinds.map(({kind}) => [kind, 0]));
const unknown = [];
const fails = answer => answer.startsWith('{"error"');
let same = 0, otherwise = 0, facts = 0;
generated.forEach(({expression, input}, index) => {
  if (ours[index] === theirs[index]) return same++;
  // Whatever fails is `States.QueryEvaluationError` to a workflow; the code only stands in its cause.
  if (fails(ours[index]) && fails(theirs[index])) return otherwise++;
  const text = JSON.stringify(input);
  const difference = {expression, ours: ours[index], theirs: theirs[index], input: text, 'input+expression': text + expression};
  const kind = kinds.find(kind => Object.entries(kind.when).every(([part, pattern]) => new RegExp(pattern, 'su').test(difference[part])));
  if (kind?.fact) facts++;
  if (kind) found[kind.kind]++;
  else unknown.push(difference);
});

for (const {expression, ours, theirs, input} of unknown.slice(0, show ? Number(show) : 20)) {
  console.log(`${expression}\n  ours   ${ours}\n  theirs ${theirs}${show ? `\n  input  ${input}` : ''}`);
}
for (const [kind, times] of Object.entries(found)) if (times) console.log(`${times} ${kind}`);
const values = theirs.filter(answer => answer.startsWith('{"value"')).length;
const agreed = same + otherwise;
const percent = part => ((100 * part) / count).toFixed(2);
console.log(`seed ${seed}: ${agreed} of ${count} agree (${percent(agreed)} %; ${percent(agreed + facts)} % with what measured facts demand), ${values} of them values; ${otherwise} fail with another code; ${unknown.length} differ in no way that is listed`);
process.exit(unknown.length || agreed + facts < LEAST * count ? 1 : 0);

async function answer({expression, input}) {
  try {
    const parsed = jsonata(expression);
    const deadline = Date.now() + 1000;
    parsed.assign(Symbol.for('jsonata.__evaluate_entry'), () => {
      if (Date.now() > deadline) throw {code: 'U1001'};
    });
    return canonical({value: plain(await parsed.evaluate(undefined, {states: {input: structuredClone(input)}}))});
  } catch (error) {
    return canonical({error: error.code ?? (error instanceof RangeError ? 'U1001' : `${error.name}: ${error.message}`)});
  }
}

/** What the service makes of a result: no functions, words for what JSON has no number for. */
function plain(value) {
  if (value === undefined) return '(undefined)';
  const walk = value => {
    if (typeof value === 'function' || value?._jsonata_lambda || value?._jsonata_function) throw {code: 'function'};
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (Array.isArray(value)) return value.filter(item => item !== undefined).map(walk);
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined).map(([key, member]) => [key, walk(member)]));
    }
    return value;
  };
  return walk(value);
}

function canonical(value) {
  const sorted = value => {
    if (Array.isArray(value)) return value.map(sorted);
    if (value !== null && typeof value === 'object') return Object.fromEntries(Object.keys(value).sort().map(key => [key, sorted(value[key])]));
    return Object.is(value, -0) ? 0 : value;
  };
  return JSON.stringify(sorted(value));
}
