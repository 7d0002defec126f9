// Looks at pictures as their readers do: `node check.mjs PICTURES SCREENSHOTS`.
// Fails on nodes that overlap, text that leaves its node or has too little contrast, edges that run through nodes, on
// what a picture loads or logs, and on what axe-core finds.
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { geometry } from "./geometry.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const [pictures, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });

const views = {
  laptop: { width: 1280, height: 900 },
  dark: { width: 1280, height: 900, colorScheme: "dark" },
  phone: { width: 390, height: 800 },
};
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run"],
});
const faults = [];
let measured = 0;
for (const file of readdirSync(pictures).filter((name) => name.endsWith(".svg")).sort()) {
  const svg = readFileSync(join(pictures, file), "utf8");
  // The foreign ones differ from ours in their geometry alone.
  const isForeign = /^\d/.test(file);
  for (const [view, { width, height, colorScheme = "light" }] of Object.entries(views).slice(0, isForeign ? 1 : 3)) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme });
    const page = await context.newPage();
    const fault = (text) => faults.push(`${file}, ${view}: ${text}`);
    page.on("console", (message) => fault(`console ${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => fault(`script error: ${error.message}`));
    page.on("request", (request) => { if (!request.url().startsWith("data:")) fault(`loads ${request.url()}`); });
    await page.setContent(`<!doctype html><html lang="en"><title>Picture</title><body style="margin:0"><main><h1 style="position:absolute;left:-999px">Picture</h1>${svg}</main></body></html>`);
    const { wrong, texts } = await page.evaluate(geometry);
    measured += texts;
    wrong.forEach(fault);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    violations.forEach((violation) => fault(`axe: ${violation.id}: ${violation.nodes[0].html.slice(0, 200)}`));
    if (!isForeign) await page.screenshot({ path: join(shots, `${file.replace(".svg", "")}-${view}.png`), fullPage: true });
    await context.close();
  }
}
await browser.close();
if (measured < 700) faults.push(`only ${measured} texts were measured`);
faults.slice(0, 40).forEach((fault) => console.error(fault));
console.log(`${measured} texts measured, ${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
