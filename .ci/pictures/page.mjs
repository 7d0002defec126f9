// Uses a page as its readers do: `node page.mjs PAGE SCREENSHOTS`. Fails on what it loads or logs, on what axe-core finds,
// and where the keyboard does not lead to everything.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const [file, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const faults = [];
const expect = (holds, text) => { if (!holds) faults.push(text); };
const views = {
  laptop: { width: 1280, height: 900 },
  dark: { width: 1280, height: 900, colorScheme: "dark" },
  phone: { width: 390, height: 800 },
};
for (const [view, { width, height, colorScheme = "light" }] of Object.entries(views)) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.on("console", (message) => faults.push(`${view}: console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`${view}: script error: ${error.message}`));
  page.on("request", (request) => { if (!request.url().startsWith("file:")) faults.push(`loads ${request.url()}`); });
  await page.goto(`file://${resolve(file)}`);
  const look = async (what) => {
    // The policy of the page lets no script in but its own; a driver may.
    const found = await page.evaluate(`${axe};axe.run(document, { resultTypes: ["violations"] })`);
    found.violations.forEach(({ id, nodes }) => faults.push(`${view}, ${what}: axe: ${id}: ${nodes[0].html.slice(0, 200)}`));
    await page.screenshot({ path: join(shots, `page-${what}-${view}.png`) });
  };
  await look("resources");
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow <= 0, `${view}: the page is ${overflow} wider than the screen`);
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement.getAttribute("role")) === "tab", `${view}: Tab leads to no tab`);
  await page.keyboard.press("ArrowRight");
  expect(await page.locator("[role=tab]").nth(1).getAttribute("aria-selected") === "true", `${view}: no tab to the right`);
  await page.keyboard.press("ArrowLeft");
  await page.locator("input").fill("lambda");
  await page.keyboard.press("Enter");
  const isNode = () => page.evaluate(() => document.activeElement.classList.contains("node"));
  expect(await isNode(), `${view}: Enter in the search leads to no node`);
  await page.keyboard.press("Enter");
  expect(await page.locator("aside").isVisible(), `${view}: Enter on a node opens nothing`);
  expect((await page.locator("aside").textContent()).includes("Properties"), `${view}: there are no properties`);
  await look("details");
  await page.keyboard.press("Escape");
  expect(!(await page.locator("aside").isVisible()) && await isNode(), `${view}: Escape does not lead back`);
  await context.close();
}
await browser.close();
faults.slice(0, 40).forEach((fault) => console.error(fault));
console.log(`page: ${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
