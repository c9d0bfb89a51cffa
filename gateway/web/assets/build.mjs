// Builds what browsers are sent: `node build.mjs DIRECTORY` writes every file under a name that
// holds its digest, compressed twice beside it, and a manifest of the names.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import zlib from "node:zlib";

import * as esbuild from "esbuild";
import rtlcss from "rtlcss";
import * as sass from "sass";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const LIBRARY = path.dirname(createRequire(import.meta.url).resolve("bootstrap-italia/package.json"));
const TARGETS = ["chrome111", "edge111", "firefox113", "safari16.4"];
const FONT = /url\("(fonts\/[^"]+)"\)/g;
const REFERENCE = /url\(["']?(?!["']?data:)(?!fonts\/)[^)]*\)/g;
const TEXT = new Set([".css", ".js", ".svg"]);

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

const output = path.resolve(process.argv[2] ?? fail("name the directory to write to"));
const manifest = {};

await mkdir(path.join(output, "fonts"), { recursive: true });
const sheet = await styles();
await emit("app.css", await minify(sheet));
await emit("app.rtl.css", await minify(rtlcss.process(sheet)));
await emit("app.js", await scripts());
await emit("icons.svg", await sprite());
await emit("favicon.svg", await readFile(path.join(HERE, "favicon.svg")));
await writeFile(
  path.join(output, "manifest.json"),
  `${JSON.stringify(Object.fromEntries(Object.entries(manifest).sort()), null, 2)}\n`,
);

/** Return the library's styles and our own, with the fonts that they name already written. */
async function styles() {
  const library = sass.compile(path.join(HERE, "bootstrap-italia.scss"), {
    loadPaths: [path.dirname(LIBRARY)],
    // What the library does in an older dialect is the library's affair.
    logger: sass.Logger.silent,
  });
  const parts = (await readdir(path.join(HERE, "css"))).sort().map((name) => `css/${name}`);
  const sheets = await Promise.all(
    ["app.css", ...parts].map((name) => readFile(path.join(HERE, name), "utf8")),
  );
  let own = sheets.join("\n");
  for (const name of new Set([...own.matchAll(FONT)].map((found) => found[1]))) {
    const font = path.basename(name);
    const family = path.basename(path.dirname(name));
    await emit(`fonts/${font}`, await readFile(path.join(LIBRARY, "dist/fonts", family, font)));
    own = own.replaceAll(`"${name}"`, `"${manifest[`fonts/${font}`]}"`);
  }
  const whole = `${library.css}\n${own}`;
  const strange = whole.match(REFERENCE)?.filter((each) => !each.includes("fonts/")) ?? [];
  return strange.length ? fail(`the styles name files that are not sent: ${strange}`) : whole;
}

/** Return styles in the fewest bytes that the browsers we serve understand. */
async function minify(text) {
  const { code } = await esbuild.transform(text, { loader: "css", minify: true, target: TARGETS });
  return code;
}

/** Return our scripts with the parts of the libraries that they import. */
async function scripts() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(HERE, "app.js")],
    bundle: true,
    format: "esm",
    // The library's components register themselves when loaded, though its package denies it.
    ignoreAnnotations: true,
    legalComments: "eof",
    minify: true,
    target: TARGETS,
    write: false,
  });
  return outputFiles[0].contents;
}

/** Return one drawing with a symbol for each icon of the list. */
async function sprite() {
  const names = (await readFile(path.join(HERE, "icons.txt"), "utf8")).split(/\s+/).filter(Boolean);
  const symbols = names.map(async (name) => {
    const text = await readFile(path.join(LIBRARY, "src/svg", `it-${name}.svg`), "utf8");
    const [, box] = text.match(/viewBox="([^"]+)"/);
    const [, body] = text.match(/<svg[^>]*>([\s\S]*)<\/svg>/);
    return `<symbol id="it-${name}" viewBox="${box}">${body.replace(/\s+/g, " ").trim()}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${(await Promise.all(symbols)).join("")}</svg>`;
}

/** Write a file under a name of its own content, compressed beside it where that pays. */
async function emit(name, content) {
  const bytes = Buffer.from(content);
  const { dir, name: stem, ext } = path.parse(name);
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  manifest[name] = path.posix.join(dir, `${stem}.${digest}${ext}`);
  const target = path.join(output, manifest[name]);
  await writeFile(target, bytes);
  if (TEXT.has(ext)) {
    const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: zlib.constants.BROTLI_MAX_QUALITY };
    await writeFile(`${target}.br`, await brotli(bytes, { params }));
    await writeFile(`${target}.gz`, await gzip(bytes, { level: 9 }));
  }
}

/** End the build with a sentence. */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
