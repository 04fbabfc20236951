/** What both ways of polling ask with. */
const ASK = (api: string) => `const API = "${api}";
const headers = {
  Authorization: \`Token \${process.env.FLEET_API_KEY}\`,
  "Account-Token": process.env.FLEET_ACCOUNT_TOKEN,
};

async function ask(path) {
  const answer = await fetch(API + path, { headers });
  // On 429 and 503: wait for Retry-After, then ask again.
  if (!answer.ok && answer.status !== 410) throw new Error(\`\${answer.status} \${path}\`);
  return answer;
}
`;

/** With the change feed; a test runs it. */
export function followingCode(api: string): string {
  return `${ASK(api)}
// Reads a whole list. Gives the place to follow from, which is the first page's:
// what changes while you walk is told again.
export async function walk(list, keep) {
  let place, cursor;
  do {
    const next = cursor ? \`&start_cursor=\${cursor}\` : "";
    const answer = await ask(\`/\${list}?per_page=100&include_archived=1\${next}\`);
    place ??= answer.headers.get("X-Change-Sequence");
    const page = await answer.json();
    for (const record of page.records) await keep(record);
    cursor = page.next_cursor;
  } while (cursor);
  return place;
}

// Waits for changes, reads those records anew. Gives the place to go on from; null: walk anew.
export async function follow(list, place, keep, forget) {
  const answer = await ask(\`/changes?after=\${place}&limit=1000&wait=30&filter[resource][eq]=\${list}\`);
  if (answer.status === 410) return null;
  const { records, next_after } = await answer.json();
  const ids = [...new Set(records.map(({ id }) => id))];
  for (let from = 0; from < ids.length; from += 100) {
    const some = ids.slice(from, from + 100);
    const page = await (await ask(\`/\${list}?per_page=100&filter[id][in]=\${some}\`)).json();
    const found = new Map(page.records.map((record) => [record.id, record]));
    for (const id of some) await (found.has(id) ? keep(found.get(id)) : forget(id));
  }
  // Keep it together with the records, in one transaction.
  return next_after;
}
`;
}

/** Without one; a test runs it. */
export function overlappingCode(api: string): string {
  return `${ASK(api)}
// Longer than any change takes: what was written before the last look may be shown after it.
const OVERLAP_MS = 5 * 60_000;

// Reads what changed, a little of it again. Gives the highest updated_at seen, for the next time.
export async function poll(list, highest, keep) {
  const since = new Date(Date.parse(highest) - OVERLAP_MS).toISOString();
  let cursor;
  do {
    const query = new URLSearchParams({
      "filter[updated_at][gte]": since, // never gt: several records have one time
      "sort[updated_at]": "asc",
      include_archived: "1",
      per_page: "100",
      ...(cursor && { start_cursor: cursor }),
    });
    const page = await (await ask(\`/\${list}?\${query}\`)).json();
    for (const record of page.records) {
      await keep(record); // by id: what comes twice is kept once
      if (record.updated_at > highest) highest = record.updated_at;
    }
    cursor = page.next_cursor;
  } while (cursor);
  return highest;
}
`;
}
