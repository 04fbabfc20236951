"use client";

import { FailedPage, type FailedPageProps } from "@/components/shell/failed-page";

export default function SpaceErrorPage(props: FailedPageProps) {
  return <FailedPage {...props} />;
}
