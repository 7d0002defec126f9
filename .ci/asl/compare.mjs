// Ask asl-validator about definitions that were recorded on AWS and then changed, and about the seeded faults of tests/:
// where it sees a fault that the definition did not have before, `formwork check` reports one too.
//
//     compare.mjs FORMWORK FOLDER COUNT SEED
//
// FOLDER takes the definitions. What differs is listed in differences.json with its reason, as narrow as it is; a reason
// that nothing needs fails as well.

import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [formwork, folder, count, seed] = process.argv.slice(2)
const here = import.meta.dirname
const tests = join(here, '../../tests')
const require = createRequire(import.meta.url)
const validate = require('asl-validator')
const json = (file) => JSON.parse(readFileSync(file, 'utf8'))

// asl-validator compiles its schemas anew for each definition, which takes a second: here all share one that is compiled.
const ajv = require('ajv')
const Ajv = ajv.default
let shared
ajv.default = function (options) {
  if (shared) {
    shared.addKeyword = shared.addFormat = () => shared
  }
  return (shared ??= new Ajv(options))
}

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
let state = Number(seed) >>> 0
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0
  let mixed = Math.imul(state ^ (state >>> 15), state | 1)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
}
const one = (all) => all[Math.floor(random() * all.length)]

/** What asl-validator finds. It writes into what it is given, and cannot look at everything that is JSON. */
const faults = (definition) => {
  try {
    return validate(structuredClone(definition)).errors.map((error) => `${error['Error code']} ${error.Message}`)
  } catch (error) {
    if (error instanceof TypeError) return []
    throw error
  }
}

/** Every place below a value: what holds it, and its key. */
const places = (value) =>
  typeof value === 'object' && value !== null
    ? Object.keys(value).flatMap((key) => [[value, key], ...places(value[key])])
    : []

const OTHERS = [null, true, -1, 1.5, 'Nowhere', '$.a', '$', '{% 1 %}', 'States.ALL', [], ['x'], {}, { a: 1 }]
const NAMES = ['Next', 'End', 'Typ', 'Parameters', 'Arguments', 'Output', 'OutputPath', 'ResultPath', 'Retry', 'Comment']

/** The same with one change, which is also said. */
const changed = (definition) => {
  const copy = structuredClone(definition)
  const [holder, key] = one(places(copy))
  switch (Math.floor(random() * 4)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1)
      else delete holder[key]
      return [copy, `without ${key}`]
    case 1: {
      const other = one(OTHERS)
      holder[key] = other
      return [copy, `${key} is ${JSON.stringify(other)}`]
    }
    case 2: {
      const name = one(NAMES)
      if (!Array.isArray(holder)) {
        holder[name] = holder[key]
        if (name !== key) delete holder[key]
      }
      return [copy, `${key} is called ${name}`]
    }
    default: {
      const [from, there] = one(places(copy))
      holder[key] = structuredClone(from[there])
      return [copy, `${key} is what ${there} is`]
    }
  }
}

/** Pairs of a definition without a fault and the same with one, each with a name. */
const pairs = () => {
  const recorded = join(tests, 'asl_cases/recorded')
  const definitions = readdirSync(recorded).sort().flatMap((file) => json(join(recorded, file)).flatMap((one) => one.definition ?? []))
  const sound = definitions.filter((one) => faults(one).length === 0)
  const made = Array.from({ length: Number(count) }, () => {
    const good = one(sound)
    const [bad, name] = changed(good)
    return { name, good, bad }
  })
  const seeded = json(join(tests, 'asl_arguments/defects.json')).map((each) => {
    const state = { Type: 'Task', Resource: `arn:aws:states:::${each.call}`, End: true }
    const field = each.errors ? 'Retry' : each.language === 'JSONPath' ? 'Parameters' : 'Arguments'
    const of = (given) => ({
      QueryLanguage: each.language ?? 'JSONata',
      StartAt: 'A',
      States: { A: { ...state, [field]: each.errors ? [{ ErrorEquals: given }] : given } },
    })
    return { name: each.name, good: of(each.clean), bad: of(each.errors ?? each.arguments) }
  })
  const flow = json(join(tests, 'data_flow/seeded.json')).map((each) => {
    const bad = structuredClone(each.definition)
    const steps = each.pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    const last = steps.pop()
    const holder = steps.reduce((at, step) => at[step], bad)
    holder[last] = each.value
    return { name: each.name, good: each.definition, bad }
  })
  return [...seeded, ...flow, ...made]
}

const all = pairs()
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const files = all.map((pair, number) => {
  const file = join(folder, `${number}.asl.json`)
  writeFileSync(file, JSON.stringify(pair.bad))
  return file
})
const ours = new Map(files.map((file) => [file, []]))
for (let start = 0; start < files.length; start += 500) {
  const words = files.slice(start, start + 500).flatMap((file) => ['--definition', file])
  let text
  try {
    text = execFileSync(formwork, ['check', '--format', 'json', ...words], { encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] })
  } catch (error) {
    if (error.status !== 1) throw error
    text = error.stdout
  }
  for (const fault of JSON.parse(text)) ours.get(fault.file).push(fault)
}

const known = json(join(here, 'differences.json'))
const needed = new Set()
const wrong = []
let both = 0
let alone = 0
all.forEach((pair, number) => {
  const before = new Set(faults(pair.good))
  const theirs = faults(pair.bad).filter((fault) => !before.has(fault))
  const found = ours.get(files[number])
  if (theirs.length > 0 && found.length > 0) both += 1
  else if (found.length > 0) alone += 1
  else if (theirs.length > 0) {
    const reason = known.findIndex(
      (each) => new RegExp(each.change ?? '').test(pair.name) && theirs.every((fault) => new RegExp(each.fault).test(fault)),
    )
    if (reason >= 0) needed.add(reason)
    else wrong.push(`${pair.name} (${files[number]}): ${theirs.join('; ')}`)
  }
})
known.forEach((each, number) => needed.has(number) || wrong.push(`differences.json: nothing needs ${each.fault}`))
console.log(`${all.length} definitions: both see a fault in ${both}, formwork alone in ${alone}, asl-validator alone in ${wrong.length} unexplained`)
if (both === 0 || wrong.length > 0) {
  console.error(wrong.join('\n'))
  process.exit(1)
}
