// Looks at the report's pages as their readers do: `node check.mjs DIRECTORY [SCREENSHOTS]`.
// Fails on horizontal overflow, on anything a page runs, loads or logs, on what axe-core finds, and on what layout.mjs
// has of the order of the page, its words, its index and its print.
import { createServer } from "node:http";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { layout } from "./layout.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const [directory, shots = "screenshots"] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });

const views = {
  desktop: { width: 1280, height: 900 },
  dark: { width: 1280, height: 900, colorScheme: "dark" },
  phone: { width: 360, height: 740 },
  "phone-dark": { width: 360, height: 740, colorScheme: "dark" },
  narrow: { width: 320, height: 600 }, // a 1280 px window at 400 % zoom (WCAG 1.4.10)
  print: { width: 718, height: 1000, colorScheme: "dark", media: "print" }, // A4 within its margins
};

// What each page must list: its suppliers, and its beans that are oversold or low.
const pages = JSON.parse(readFileSync(join(directory, "pages.json"), "utf8"));

const server = createServer((request, response) => {
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(readFileSync(join(directory, request.url)));
}).listen(0, "127.0.0.1");
await new Promise((ready) => server.once("listening", ready));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run"],
});
const faults = [];
for (const [subject, expected] of Object.entries(pages)) {
  const file = `${subject}.html`;
  for (const [view, { width, height, colorScheme = "light", media = "screen" }] of Object.entries(views)) {
    const name = `${subject}-${view}`;
    const fault = (text) => faults.push(`${name}: ${text}`);
    const context = await browser.newContext({ viewport: { width, height }, colorScheme });
    const page = await context.newPage();
    await page.emulateMedia({ media, colorScheme });
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective}`));
    });
    page.on("console", (message) => fault(`console ${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => fault(`script error: ${error.message}`));
    page.on("dialog", (dialog) => { fault(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    const address = `http://127.0.0.1:${server.address().port}/${file}`;
    page.on("request", (request) => {
      if (request.url() !== address && !request.url().endsWith("/favicon.ico")) fault(`loads ${request.url()}`);
    });
    await page.goto(address, { waitUntil: "load" });
    // Where the page is longest, its beginning shows all that there is to see.
    const shoot = (suffix) => page.screenshot({ path: join(shots, `${name}${suffix}.png`), fullPage: subject !== "many" });
    await shoot("");
    if (media === "print") await page.pdf({ path: join(shots, `${name}.pdf`), format: "A4" });

    const index = page.locator("summary");
    if (media === "screen" && await index.count()) {
      await index.click();
      await shoot("-index");
    }
    (await page.evaluate(layout, { media, ...expected })).forEach(fault);

    const seen = await page.evaluate(() => ({
      title: document.title,
      scripts: document.scripts.length,
      handlers: [...document.querySelectorAll("*")].flatMap((one) =>
        [...one.attributes].map(({ name }) => name).filter((name) => name.startsWith("on") || name === "style")),
      overflow: document.documentElement.scrollWidth - innerWidth,
      outside: [...document.querySelectorAll("main *, header *")]
        .filter((one) => one.localName !== "caption" && one.getBoundingClientRect().right > innerWidth + 0.5)
        .map((one) => one.localName),
      styled: getComputedStyle(document.querySelector("main section, main dl")).display,
      page: getComputedStyle(document.body).getPropertyValue("color"),
    }));
    if (seen.scripts || seen.handlers.length) fault(`markup came through: ${seen.scripts} scripts, ${seen.handlers}`);
    if (seen.overflow > 0 || seen.outside.length) fault(`overflows by ${seen.overflow} px: ${seen.outside}`);
    if (seen.title === "taken over") fault("a script of the data ran");
    if (media === "print" && seen.page !== "rgb(42, 28, 19)") fault(`prints in ${seen.page}, not in dark ink`);

    // axe-core compares every target with every other: on the longest page, once in each colour scheme is enough.
    if (subject !== "many" || view === "phone" || view === "dark") {
      await page.evaluate(axe);
      const { violations, passes } = await page.evaluate(() => window.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      }));
      for (const one of violations) {
        fault(`axe ${one.id} (${one.impact}): ${one.help}; ${one.nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
      }
      if (!passes.some((one) => one.id === "color-contrast")) fault("axe could not measure the contrast");
    }
    await context.close();
  }
}
await browser.close();
server.close();
faults.forEach((text) => console.error(text));
console.log(`${Object.keys(views).length} views a page, ${faults.length} faults`);
process.exitCode = faults.length ? 1 : 0;
