"use client";

import type { DropdownMenu } from "radix-ui";
import { createContext, use } from "react";

type Parts = Pick<typeof DropdownMenu, "Item" | "ItemIndicator" | "Label" | "RadioGroup" | "RadioItem" | "Separator">;

/** What items are made of: it comes with the menu that they stand in. */
export const MenuParts = createContext<Parts | null>(null);

export function useMenuParts(): Parts {
  const parts = use(MenuParts);
  if (parts === null) throw new Error("a menu's item stands outside of a menu");
  return parts;
}
