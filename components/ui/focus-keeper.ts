/** Remembers where the focus was when a dialog opened, and gives it back even if that place has gone meanwhile. */
export class FocusKeeper {
  #origin: HTMLElement | null = null;

  remember(event: Event, initialFocus: HTMLElement | null | undefined): void {
    this.#origin = originOf(document.activeElement);
    if (!initialFocus) return;
    event.preventDefault();
    initialFocus.focus();
  }

  giveBack(event: Event): void {
    event.preventDefault();
    const target = this.#origin?.isConnected ? this.#origin : document.querySelector<HTMLElement>("main");
    target?.focus({ preventScroll: true });
  }
}

/** A menu item is gone once its menu has closed: what lasts is the button that opened the menu. */
function originOf(element: Element | null): HTMLElement | null {
  const menu = element?.closest("[role=menu]");
  const opener = menu?.getAttribute("aria-labelledby");
  const lasting = opener ? document.getElementById(opener) : element;
  return lasting instanceof HTMLElement && lasting !== document.body ? lasting : null;
}
