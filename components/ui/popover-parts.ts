"use client";

import type { Popover } from "radix-ui";
import { createContext } from "react";

/** What closes a popover from within: it comes with the popover. */
export const PopoverParts = createContext<Pick<typeof Popover, "Close"> | null>(null);
