// Draws the resources and the network of templates that the tests have: `node templates.mjs FORMWORK PICTURES TESTS`.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [formwork, pictures, tests] = process.argv.slice(2);
let count = 0;
const draw = (text) => {
  const file = join(pictures, "template.yaml");
  writeFileSync(file, text);
  count += 1;
  for (const kind of ["resources", "network"]) {
    for (const format of ["svg", "mermaid"]) {
      const picture = join(pictures, `template-${String(count).padStart(3, "0")}-${kind}.${format}`);
      try {
        execFileSync(formwork, ["graph", "--template", file, "--kind", kind, "--format", format, "--output", picture],
          { stdio: ["ignore", "ignore", "pipe"] });
      } catch (error) {
        // One without a network, or with nothing at all, is not drawn.
        if (!String(error.stderr).includes("there is nothing to draw")) throw error;
      }
    }
  }
};
const collect = (json, depth = 0) => {
  if (json === null || typeof json !== "object" || depth > 6) return;
  const { Resources: resources } = json;
  if (resources && Object.values(resources).some((one) => typeof one?.Type === "string")) draw(JSON.stringify(json));
  else Object.values(json).forEach((inner) => collect(inner, depth + 1));
};
for (const file of ["asl_facts/public.json", "asl_cases/recorded/services.json"]) {
  collect(JSON.parse(readFileSync(join(tests, file), "utf8")));
}
// A third of the pairs of templates has the resources of two.
for (const file of readdirSync(join(tests, "diff/pairs")).filter((name) => name.endsWith(".yaml")).sort().filter((_, at) => at % 3 === 0)) {
  const text = readFileSync(join(tests, "diff/pairs", file), "utf8");
  const resources = text.match(/^New:\n((?: .*\n|\n)+)/m);
  if (resources) draw(`Resources:\n${resources[1]}`);
}
if (count < 30) throw new Error(`only ${count} templates`);
console.log(`${count} templates drawn`);
