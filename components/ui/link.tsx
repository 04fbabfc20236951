"use client";

import NextLink from "next/link";
import { useState, type ComponentProps, type FocusEvent, type PointerEvent } from "react";

export type LinkProps = ComponentProps<typeof NextLink>;

/**
 * Looks ahead at its page once somebody points at it. Next does so for every link that comes into view: a list of fifty
 * rows would ask the server for fifty pages that nobody opens.
 */
export function Link({ prefetch, onPointerEnter, onFocus, ...rest }: LinkProps) {
  const [isPointedAt, setPointedAt] = useState(false);
  const point = (event: PointerEvent<HTMLAnchorElement>) => {
    setPointedAt(true);
    onPointerEnter?.(event);
  };
  const focus = (event: FocusEvent<HTMLAnchorElement>) => {
    setPointedAt(true);
    onFocus?.(event);
  };
  return <NextLink {...rest} prefetch={isPointedAt ? prefetch : false} onPointerEnter={point} onFocus={focus} />;
}
