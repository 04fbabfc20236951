// Finds a browser for the tests: what is there first, then what can be had.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { ROOT } from "./prepare.mjs";
import { findProgram, installFromDebian, isExecutable } from "./programs.mjs";

/** Without the window that nobody sees it does the same in three quarters of the time. */
const SHELL = "chromium-headless-shell";
const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const MAC_PLACES = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The path of a Chromium; "" stands for the one that Playwright keeps itself. */
export function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given) return given;
  return findProgram(SHELL) ?? shellFromApt() ?? systemChromium() ?? fromApt() ?? fromPlaywright();
}

/** Where it can be had without asking: else whatever browser is there will do. */
function shellFromApt() {
  installFromDebian("Chromium's headless shell", SHELL);
  return findProgram(SHELL);
}

function systemChromium() {
  return findProgram(...NAMES) ?? MAC_PLACES.find(isExecutable) ?? null;
}

function fromApt() {
  installFromDebian("Chromium", "chromium");
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
