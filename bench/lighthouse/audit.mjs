// One page as Lighthouse sees it: `node audit.mjs <browser> <address> <cookie> <mobile|desktop>` prints its scores as JSON.
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const [chromePath = "", address = "", cookie = "", device = "mobile"] = process.argv.slice(2);
const chromeFlags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const browser = await launch({ ...(chromePath && { chromePath }), chromeFlags });
try {
  const flags = {
    port: browser.port,
    output: "json",
    logLevel: "error",
    onlyCategories: ["performance", "accessibility", "best-practices"],
    extraHeaders: { Cookie: cookie },
  };
  const result = await lighthouse(address, flags, device === "desktop" ? desktopConfig : undefined);
  if (!result || result.lhr.runtimeError) throw new Error(result?.lhr.runtimeError?.message ?? "no result");
  const { categories, audits } = result.lhr;
  const scores = Object.values(categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)]);
  const lost = Object.values(categories).flatMap(({ auditRefs }) =>
    auditRefs
      .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 0.9)
      .map(({ id }) => `${id} ${audits[id]?.displayValue ?? audits[id]?.score ?? ""}`),
  );
  console.log(JSON.stringify({ scores: Object.fromEntries(scores), lost }));
} finally {
  browser.kill();
}
