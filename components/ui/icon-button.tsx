import type { ReactNode } from "react";
import { Button, type ButtonProps } from "@/components/ui/button";

export type IconButtonProps = Omit<ButtonProps, "variant" | "icon" | "children" | "aria-label"> & {
  label: string;
  icon: ReactNode;
};

export function IconButton({ label, icon, ...rest }: IconButtonProps) {
  return <Button {...rest} variant="icon" icon={icon} aria-label={label} />;
}
