import { useRef, useState } from "react";

/**
 * Where something that floats is put down: within the landmark or dialog that its opener belongs to, so that a screen
 * reader finds it there and not behind the page.
 */
export function useLandmark() {
  const opener = useRef<HTMLButtonElement>(null);
  const [landmark, setLandmark] = useState<HTMLElement | null>(null);
  const find = () =>
    setLandmark(opener.current?.closest<HTMLElement>("[role=dialog], [role=alertdialog], main, aside") ?? null);
  return { opener, landmark, find };
}
