// Finds a browser for the tests: what is there first, then what can be had.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./prepare.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const MAC_PLACES = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The path of a Chromium; "" stands for the one that Playwright keeps itself. */
export function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given) return given;
  return systemChromium() ?? fromApt() ?? fromPlaywright();
}

function systemChromium() {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const places = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...places, ...MAC_PLACES].find(isExecutable) ?? null;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function fromApt() {
  const system = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  if (process.getuid?.() !== 0 || !/^ID(_LIKE)?=.*(debian|ubuntu)/m.test(system)) return null;
  console.log("  Installing Chromium with apt-get");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["update", "-qq"], { env, stdio: "ignore" });
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { env, stdio: "ignore" });
  return systemChromium();
}

function fromPlaywright() {
  const { status } = spawnSync(
    process.execPath,
    [path.join(ROOT, "node_modules/playwright/cli.js"), "install", "chromium"],
    { stdio: "inherit" },
  );
  if (status === 0) return "";
  throw new Error("There is no browser for the tests: install Chromium, or name one in CHROMIUM_PATH.");
}
