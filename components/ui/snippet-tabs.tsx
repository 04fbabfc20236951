"use client";

import { Tabs } from "radix-ui";
import { CopyButton } from "@/components/ui/copy-button";

export type Snippet = { id: string; label: string; code: string };

export function SnippetTabs({
  label,
  snippets,
  onCopied,
}: {
  label: string;
  snippets: readonly Snippet[];
  onCopied?: () => void;
}) {
  return (
    <Tabs.Root defaultValue={snippets[0]?.id} className="min-w-0 overflow-hidden rounded-md border border-line">
      <Tabs.List
        aria-label={label}
        className="flex gap-4 overflow-x-auto border-b border-line bg-bg-subtle px-3 text-12"
      >
        {snippets.map((snippet) => (
          <Tabs.Trigger
            key={snippet.id}
            value={snippet.id}
            className="-mb-px min-h-9 border-b-2 border-transparent text-text-2 -outline-offset-2 hover:text-text data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text max-sm:min-h-11 max-sm:min-w-11 pointer-coarse:min-h-11"
          >
            {snippet.label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {snippets.map((snippet) => (
        <Tabs.Content key={snippet.id} value={snippet.id} tabIndex={-1} className="group relative">
          {/* Long lines scroll sideways, which the keyboard can only do in something that takes the focus. */}
          <pre
            tabIndex={0}
            role="group"
            aria-label={snippet.label}
            className="overflow-x-auto p-3 pr-12 font-mono text-12/5 text-text -outline-offset-2"
          >
            <code>{snippet.code}</code>
          </pre>
          <div className="absolute top-2 right-2 rounded-md bg-bg opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 max-sm:top-0 max-sm:right-0 max-sm:opacity-100 pointer-coarse:opacity-100">
            <CopyButton value={snippet.code} label={`Copy ${snippet.label} request`} onCopied={onCopied} />
          </div>
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
