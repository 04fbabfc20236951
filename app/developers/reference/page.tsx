import type { Metadata } from "next";

import { DeveloperFrame } from "@/components/developers/developer-frame";
import { Code, Para } from "@/components/developers/prose";
import { anchorsOf, groupsOf, Reference } from "@/components/developers/reference";
import { apiDocument } from "@/lib/public-api/document/published";

export const metadata: Metadata = { title: "API reference" };

export default function ApiReferencePage() {
  const document = apiDocument();
  const groups = groupsOf(document);
  return (
    <DeveloperFrame
      current="reference"
      purpose="Every operation, as the API itself describes it."
      anchors={anchorsOf(groups)}
    >
      <Para>
        Addresses begin with <Code>{document.servers[0]?.url}</Code>. Shown is version {document.info.version}; where
        older ones differ, it is said. For machines:{" "}
        <a href="/api/openapi.json" className="text-accent underline">
          the OpenAPI 3.1 document
        </a>
        .
      </Para>
      <Reference document={document} groups={groups} />
    </DeveloperFrame>
  );
}
