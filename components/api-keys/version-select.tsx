"use client";

import type { ComponentProps } from "react";

import { Select } from "@/components/ui/select";
import { API_VERSIONS, LATEST_API_VERSION } from "@/lib/public-api/versions/api-versions";

/** Every version of the API, the latest first. */
export function VersionSelect(control: Omit<ComponentProps<typeof Select>, "children">) {
  return (
    <Select {...control}>
      {[...API_VERSIONS].reverse().map((version) => (
        <option key={version} value={version}>
          {version === LATEST_API_VERSION ? `${version} (latest)` : version}
        </option>
      ))}
    </Select>
  );
}
