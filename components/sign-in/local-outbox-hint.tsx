import { Notice } from "@/components/ui/notice";

/** Where mails stay on this machine, people are told where to read them. */
export function LocalOutboxHint({ href, newTab = false }: { href: string | null; newTab?: boolean }) {
  if (href === null) return null;
  return (
    <Notice>
      Mail is not sent from this installation. Read it in the{" "}
      <a href={href} target={newTab ? "_blank" : undefined} className="text-text underline underline-offset-[3px]">
        local outbox{newTab && " (opens a new tab)"}
      </a>
      .
    </Notice>
  );
}
