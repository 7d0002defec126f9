// Has the real Mermaid read flowcharts: `node mermaid.mjs FOLDER`. Fails on one that it does not take.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";

const entry = dirname(createRequire(import.meta.url).resolve("mermaid"));
const mermaid = readFileSync(join(entry, "mermaid.min.js"), "utf8");
const [folder] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const page = await browser.newPage();
await page.setContent("<!doctype html><title>Mermaid</title>");
await page.addScriptTag({ content: mermaid });
const files = readdirSync(folder).filter((name) => name.endsWith(".mermaid")).sort();
const faults = [];
for (const file of files) {
  const text = readFileSync(join(folder, file), "utf8");
  const fault = await page.evaluate(async (text) => {
    mermaid.initialize({ startOnLoad: false, maxTextSize: 500000, maxEdges: 5000 });
    try {
      await mermaid.parse(text);
      const { svg } = await mermaid.render("drawn", text);
      return svg.includes("<svg") ? null : "nothing is drawn";
    } catch (error) {
      return String(error);
    }
  }, text);
  if (fault) faults.push(`${file}: ${fault.slice(0, 300)}`);
}
await browser.close();
if (files.length === 0) faults.push(`${folder} has no flowchart`);
faults.forEach((fault) => console.error(fault));
console.log(`${files.length} flowcharts, ${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
