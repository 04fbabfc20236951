import type { Snippet } from "@/components/ui/snippet-tabs";

/** Where a snippet has its key from: it stands in the code, or in an environment variable. */
type Key = { readonly token: string } | { readonly variable: string };

interface Wanted {
  readonly url: string;
  readonly key: Key;
  readonly accountToken?: string;
}

/** What a request of a customer's key reads when it is tried out. */
const FIRST_READ = "/api/v1/vehicles";
const KEY_VARIABLE = "FLEET_API_KEY";

/** A working GET in four languages, without any package. */
function requestSnippets({ url, key, accountToken }: Wanted): Snippet[] {
  // How each language reads the variable within a text of its own.
  const from = (read: (variable: string) => string) => ("token" in key ? `"Token ${key.token}"` : read(key.variable));
  const account = (separator: string, indent: string) =>
    accountToken === undefined ? "" : `\n${indent}"Account-Token"${separator}"${accountToken}",`;
  const curlAccount = accountToken === undefined ? "" : ` \\\n  -H "Account-Token: ${accountToken}"`;
  return [
    {
      id: "curl",
      label: "curl",
      code: `curl ${url} \\\n  -H "Authorization: Token ${"token" in key ? key.token : `$${key.variable}`}"${curlAccount}`,
    },
    {
      id: "javascript",
      label: "JavaScript",
      code: `fetch("${url}", {\n  headers: {\n    Authorization: ${from((name) => `\`Token \${process.env.${name}}\``)},${account(": ", "    ")}\n  },\n})\n  .then((response) => response.json())\n  .then(console.log);`,
    },
    {
      id: "python",
      label: "Python",
      code: `${"token" in key ? "" : "import os\n"}import urllib.request\n\nrequest = urllib.request.Request(\n    "${url}",\n    headers={\n        "Authorization": ${from((name) => `f"Token {os.environ['${name}']}"`)},${account(": ", "        ")}\n    },\n)\nprint(urllib.request.urlopen(request).read().decode())`,
    },
    {
      id: "ruby",
      label: "Ruby",
      code: `require "net/http"\n\nputs Net::HTTP.get(\n  URI("${url}"),\n  {\n    "Authorization" => ${from((name) => `"Token #{ENV.fetch('${name}')}"`)},${account(" => ", "    ")}\n  }\n)`,
    },
  ];
}

/** The first request of a new key, as it works when pasted. */
export function firstRequest(appUrl: string, token: string): Snippet[] {
  return requestSnippets({ url: `${appUrl}/api/v1/accounts`, key: { token } });
}

/** A request for an account's vehicles; the key is read from an environment variable and stands nowhere. */
export function accountRequest(appUrl: string, accountToken: string): Snippet[] {
  return requestSnippets({ url: `${appUrl}${FIRST_READ}`, key: { variable: KEY_VARIABLE }, accountToken });
}

/** The line that sets the variable, for a shell. */
export const SET_KEY_LINE = `export ${KEY_VARIABLE}="your key's token"`;
