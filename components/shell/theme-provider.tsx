"use client";

import { ThemeProvider as NextThemes } from "next-themes";
import { useState, type ReactNode } from "react";

/** `<html suppressHydrationWarning>` belongs to it: the theme is set before React wakes up. */
export function ThemeProvider({ nonce, children }: { nonce?: string; children: ReactNode }) {
  // An action's answer brings the nonce of its own response; the document's is the first one.
  const [documentNonce] = useState(nonce);
  return (
    <NextThemes
      attribute="data-theme"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      nonce={documentNonce}
    >
      {children}
    </NextThemes>
  );
}
