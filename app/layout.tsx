import "./globals.css";

import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";

import { ThemeProvider } from "@/components/shell/theme-provider";
import { StyleNonce } from "@/components/ui/style-nonce";
import { Toaster } from "@/components/ui/toaster";

export const metadata: Metadata = {
  title: { default: "Fleet Advisor Hub", template: "%s · Fleet Advisor Hub" },
  description: "API keys and account tokens for the fleets you look after.",
  robots: { index: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#141312" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Reading the header also keeps every page from being built ahead of time, when no nonce is known.
  const nonce = (await headers()).get("x-csp-nonce") ?? undefined;
  return (
    <html lang="en" suppressHydrationWarning className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <body>
        <StyleNonce nonce={nonce} />
        <ThemeProvider nonce={nonce}>
          {children}
          <Toaster />
        </ThemeProvider>
      </body>
    </html>
  );
}
