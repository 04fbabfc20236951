"use client";

import { Search } from "lucide-react";
import { useEffect, useImperativeHandle, useRef, type Ref, type RefObject } from "react";
import { INPUT_LOOK } from "@/components/ui/input";
import { useNavigation } from "@/components/ui/navigation";

export type SearchControl = {
  /** Empties the field and forgets what was typed but not sent yet. */
  clear: () => void;
};

export type SearchInputProps = {
  /** Its name and its placeholder: "Search by name or prefix". */
  label: string;
  /** What the URL says now. */
  value: string;
  /** Called 200 ms after the last keystroke, and at once on Enter or Escape; goes on where a word was searched for already. */
  onSearch: (value: string, goesOn: boolean) => void;
  maxLength?: number;
  control?: Ref<SearchControl>;
};

const DEBOUNCE_MS = 200;

export function SearchInput({ label, value, onSearch, maxLength = 100, control }: SearchInputProps) {
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sent = useRef(value);
  const busy = useNavigation()?.pending ?? false;
  useSlashKey(input);
  useImperativeHandle(control, () => ({
    clear: () => {
      clearTimeout(timer.current);
      timer.current = undefined;
      sent.current = "";
      if (input.current) input.current.value = "";
    },
  }));
  useEffect(() => () => clearTimeout(timer.current), []);

  // The URL changed without us (back button, "Clear all"): what is being typed must not be overwritten by its own echo.
  useEffect(() => {
    if (busy || timer.current !== undefined || value === sent.current) return;
    sent.current = value;
    if (input.current) input.current.value = value;
  }, [value, busy]);

  const send = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const typed = input.current?.value.trim() ?? "";
    if (typed === sent.current) return;
    sent.current = typed;
    // By what the address says: what was sent may be given up for this, and has left no step in the history then.
    onSearch(typed, value !== "" && typed !== "");
  };
  const sendSoon = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(send, DEBOUNCE_MS);
  };

  return (
    <div role="search" className="relative max-w-[300px] flex-[0_1_300px] max-sm:max-w-none max-sm:flex-[1_1_100%]">
      <Search
        aria-hidden
        size={16}
        strokeWidth={1.75}
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-text-3"
      />
      <input
        ref={input}
        type="search"
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={label}
        defaultValue={value}
        maxLength={maxLength}
        autoComplete="off"
        spellCheck={false}
        onChange={sendSoon}
        onKeyDown={(event) => {
          if (event.key === "Escape" && input.current) input.current.value = "";
          if (event.key === "Enter" || event.key === "Escape") send();
        }}
        className={`${INPUT_LOOK} peer pr-8 pl-8`}
      />
      <SlashHint />
    </div>
  );
}

function SlashHint() {
  return (
    <kbd
      aria-hidden
      className="pointer-events-none absolute top-1/2 right-2 hidden -translate-y-1/2 rounded-sm border border-line bg-bg-subtle px-[5px] text-[11px]/4 text-text-3 peer-placeholder-shown:block peer-focus:hidden max-sm:hidden! pointer-coarse:hidden!"
    >
      /
    </kbd>
  );
}

function useSlashKey(input: RefObject<HTMLInputElement | null>) {
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      const at = event.target instanceof HTMLElement ? event.target : null;
      const typing = at?.isContentEditable || at?.closest("input:not([type=checkbox], [type=radio]), textarea, select");
      if (typing || document.querySelector("[role=dialog], [role=alertdialog], [role=menu]")) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener("keydown", focus);
    return () => document.removeEventListener("keydown", focus);
  }, [input]);
}
