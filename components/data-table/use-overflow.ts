import { useEffect, useState, type RefObject } from "react";

/** Whether the table needs more room than there is. Only then may its frame scroll sideways, for a frame that scrolls would end the sticky header. */
export function useOverflow(wrap: RefObject<HTMLElement | null>): boolean {
  const [wide, setWide] = useState(false);
  useEffect(() => {
    const frame = wrap.current;
    const table = frame?.querySelector("table");
    if (!frame || !table) return;
    const observer = new ResizeObserver(() => setWide(table.offsetWidth > frame.clientWidth + 1));
    observer.observe(frame);
    observer.observe(table);
    return () => observer.disconnect();
  }, [wrap]);
  return wide;
}
