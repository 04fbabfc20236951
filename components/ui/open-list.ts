/** Escape closes the list of matches that is open in a field, and not yet what the field stands in. */
export function leaveToOpenList(event: KeyboardEvent): void {
  const { target } = event;
  if (target instanceof HTMLElement && target.closest("[role=combobox][aria-expanded=true]")) event.preventDefault();
}
