import { expect, expectAccessible, test, useTheme } from "./fixtures";

for (const tag of ["", " @phone"]) {
  for (const [name, address, heading] of [
    ["guide", "/developers", "Security"],
    ["reference", "/developers/reference", "Vehicle assignments"],
  ] as const) {
    test(`anyone reads the ${name}, in light and dark${tag}`, async ({ page }, { project }) => {
      test.slow(name === "reference", "its thousands of cells take axe a while");
      await useTheme(page, "light");
      const answer = await page.goto(address);
      expect(answer?.status()).toBe(200);
      await expect(page.getByRole("heading", { name: heading, exact: true })).toBeVisible();
      const { scroll, client } = await page.evaluate(() => ({
        scroll: document.documentElement.scrollWidth,
        client: document.documentElement.clientWidth,
      }));
      expect(scroll, "the page scrolls sideways").toBeLessThanOrEqual(client);
      await expectAccessible(page);
      const picture = (theme: string) => `test-results/appearance/developers-${name}-${project.name}-${theme}.png`;
      await page.screenshot({ path: picture("light") });
      await useTheme(page, "dark");
      await expectAccessible(page, ["color-contrast"]);
      await page.screenshot({ path: picture("dark") });
    });
  }
}
