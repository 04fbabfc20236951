/** A page that needs nothing but itself: no script, no file, no database. */
export interface PlainPage {
  readonly title: string;
  /** Texts, whoever wrote them. */
  readonly paragraphs: readonly string[];
  readonly requestId: string;
  /** Of the answer's content security policy. */
  readonly nonce: string;
  /** It is asked for again by itself, as what was being read: a reload never sends a form again. */
  readonly againSeconds?: number;
  /** Asked for instead, where what was asked for is no page; left out: itself. */
  readonly againAt?: string;
  readonly wayOn?: { readonly href: string; readonly label: string };
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function plainPage(page: PlainPage): string {
  const { title, paragraphs, requestId, nonce, againSeconds, againAt, wayOn } = page;
  const when = againAt === undefined ? `${againSeconds}` : `${againSeconds};url=${escaped(againAt)}`;
  const again = againSeconds === undefined ? "" : `<meta http-equiv="refresh" content="${when}">\n`;
  const link = wayOn === undefined ? "" : `<p><a href="${escaped(wayOn.href)}">${escaped(wayOn.label)}</a></p>\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${again}<title>${escaped(title)} · Fleet Advisor Hub</title>
<style nonce="${escaped(nonce)}">
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 15px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
  main { max-width: 32rem; padding: 2rem; }
  h1 { font-size: 1.25rem; margin: 0 0 .5rem; }
  p { margin: 0 0 .75rem; }
  small { opacity: .75; }
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`).join("\n")}
${link}<small>Request ${escaped(requestId)}</small>
</main>
</body>
</html>
`;
}
