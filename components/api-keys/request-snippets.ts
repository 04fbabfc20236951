import type { Snippet } from "@/components/ui/snippet-tabs";

/** The first request of a new key, as it works when pasted, in four languages and without any package. */
export function firstRequest(appUrl: string, token: string): Snippet[] {
  const url = `${appUrl}/api/v1/accounts`;
  return [
    { id: "curl", label: "curl", code: `curl ${url} \\\n  -H "Authorization: Token ${token}"` },
    {
      id: "javascript",
      label: "JavaScript",
      code: `fetch("${url}", {\n  headers: { Authorization: "Token ${token}" },\n})\n  .then((response) => response.json())\n  .then(console.log);`,
    },
    {
      id: "python",
      label: "Python",
      code: `import urllib.request\n\nrequest = urllib.request.Request(\n    "${url}",\n    headers={"Authorization": "Token ${token}"},\n)\nprint(urllib.request.urlopen(request).read().decode())`,
    },
    {
      id: "ruby",
      label: "Ruby",
      code: `require "net/http"\n\nputs Net::HTTP.get(\n  URI("${url}"),\n  { "Authorization" => "Token ${token}" }\n)`,
    },
  ];
}
