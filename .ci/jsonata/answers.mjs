// Writes what npm `jsonata` 2.0.6 answers to each line of `tests/jsonata/expressions.txt`: `node answers.mjs`.

import {readFileSync, writeFileSync} from 'node:fs';
import jsonata from 'jsonata';

const folder = new URL('../../tests/jsonata/', import.meta.url);
const input = JSON.parse(readFileSync(new URL('input.json', folder)));
const lines = readFileSync(new URL('expressions.txt', folder)).toString().split('\n').filter(Boolean);
const answers = [];
for (const expression of lines) answers.push({expression, ...await answer(expression)});
const text = answers.map(answer => `  ${JSON.stringify(answer)}`).join(',\n');
writeFileSync(new URL('answers.json', folder), `[\n${text}\n]\n`);

async function answer(expression) {
  try {
    const value = await jsonata(expression).evaluate(undefined, {states: {input: structuredClone(input)}});
    if (value === undefined) return {nothing: true};
    return {value: plain(value)};
  } catch (error) {
    return {error: error.code ? `${error.code}: ${error.message}` : `${error.message}`};
  }
}

/** What the service makes of a result: no items that are undefined, words for what JSON has no number for. */
function plain(value) {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.filter(item => item !== undefined).map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}
