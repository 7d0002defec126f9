// Draws the largest definitions that the tests have: `node draw.mjs FORMWORK PICTURES TESTS`.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [formwork, pictures, tests] = process.argv.slice(2);
const count = 60;

const found = new Map();
const states = (json) => Object.values(json ?? {}).reduce((sum, value) =>
  sum + (typeof value === "object" ? states(value) : 0), typeof json?.Type === "string" ? 1 : 0);
const collect = (json) => {
  if (json === null || typeof json !== "object") return;
  if (json.StartAt && json.States) found.set(JSON.stringify(json), states(json));
  else Object.values(json).forEach(collect);
};
for (const folder of ["asl_cases/recorded", "asl_facts", "data_flow"]) {
  for (const file of readdirSync(join(tests, folder)).filter((name) => name.endsWith(".json")).sort()) {
    collect(JSON.parse(readFileSync(join(tests, folder, file), "utf8")));
  }
}
const largest = [...found].sort(([, one], [, other]) => other - one).slice(0, count);
const file = join(pictures, "definition.json");
largest.push([readFileSync("order.asl.json", "utf8"), 0]);
largest.forEach(([definition], index) => {
  writeFileSync(file, definition);
  const picture = join(pictures, index === count ? "order.svg" : `${String(index).padStart(2, "0")}.svg`);
  execFileSync(formwork, ["graph", "--definition", file, "--output", picture], { stdio: ["ignore", "ignore", "inherit"] });
});
