"use client";

import { FailedPage, type FailedPageProps } from "@/components/shell/failed-page";

export default function ErrorPage(props: FailedPageProps) {
  return (
    <main className="mx-auto max-w-[640px] p-8 max-sm:p-4">
      <FailedPage {...props} />
    </main>
  );
}
