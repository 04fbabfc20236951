"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { MenuLabel, MenuRadioGroup } from "@/components/ui/menu";

const LOOK = { "aria-hidden": true, size: 16, strokeWidth: 1.75 } as const;
const THEMES = [
  { value: "light", label: "Light", icon: <Sun {...LOOK} /> },
  { value: "dark", label: "Dark", icon: <Moon {...LOOK} /> },
  { value: "system", label: "As the system", icon: <Monitor {...LOOK} /> },
];

export function ThemeMenuItems() {
  const { theme, setTheme } = useTheme();
  return (
    <>
      <MenuLabel>Theme</MenuLabel>
      <MenuRadioGroup label="Theme" value={theme ?? "system"} onChange={setTheme} options={THEMES} />
    </>
  );
}
