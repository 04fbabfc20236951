"use client";

import { X } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type Ref } from "react";

import { cx } from "@/components/ui/class-names";
import { IconButton } from "@/components/ui/icon-button";
import { INPUT_LOOK } from "@/components/ui/input";
import type { FieldIds } from "@/components/ui/text-field";

export type PickerOption = { readonly id: number; readonly name: string; readonly hint?: string | null };

/** What fits to what was typed, a few at most; null when it could not be asked. */
export type PickerSearch = (typed: string) => Promise<readonly PickerOption[] | null>;

export type RecordPickerProps = FieldIds & {
  /** What the list of matches is called. */
  label: string;
  search: PickerSearch;
  chosen: PickerOption | null;
  onChoose: (option: PickerOption | null) => void;
  /** Without it what was chosen can be taken away again. */
  required?: boolean;
  inputRef?: Ref<HTMLInputElement>;
};

const DEBOUNCE_MS = 200;

type Found = { readonly options: readonly PickerOption[]; readonly state: "searching" | "there" | "failed" };

/** Asks the server while somebody types; an answer that was overtaken by a later question is dropped. */
function useOptions(search: PickerSearch) {
  const [found, setFound] = useState<Found>({ options: [], state: "searching" });
  const latest = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const ask = (typed: string, delayMs: number) => {
    clearTimeout(timer.current);
    const mine = ++latest.current;
    setFound((was) => ({ ...was, state: "searching" }));
    timer.current = setTimeout(() => {
      void search(typed.trim())
        .catch(() => null)
        .then((options) => {
          if (mine !== latest.current) return;
          setFound(options === null ? { options: [], state: "failed" } : { options, state: "there" });
        });
    }, delayMs);
  };
  return { ...found, ask };
}

function sayFound({ options, state }: Found): string {
  if (state === "searching") return "Searching…";
  if (state === "failed") return "The search did not answer. Type again to repeat it.";
  if (options.length === 0) return "No match. Try another word.";
  return options.length === 1 ? "1 match" : `${options.length} matches`;
}

/** Chooses one of very many records: the server finds them by what is typed. */
export function RecordPicker(props: RecordPickerProps) {
  const { label, search, chosen, onChoose, required = false, inputRef, ...ids } = props;
  const list = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const { ask, ...found } = useOptions(search);
  const show = (text: string, delayMs: number) => {
    setOpen(true);
    setActive(0);
    ask(text, delayMs);
  };
  const close = () => {
    setOpen(false);
    setTyped(null);
  };
  const choose = (option: PickerOption | null) => {
    onChoose(option);
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (!open) return show("", 0);
      const { length } = found.options;
      if (length > 0) setActive((at) => (at + step + length) % length);
    }
    if (!open) return;
    if (event.key === "Escape") close();
    if (event.key !== "Enter") return;
    event.preventDefault();
    const option = found.state === "there" ? found.options[active] : undefined;
    if (option) choose(option);
  };
  return (
    <div onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && close()}>
      <div className="relative">
        <input
          {...ids}
          ref={inputRef}
          type="text"
          role="combobox"
          aria-expanded={open}
          aria-controls={open ? list : undefined}
          aria-autocomplete="list"
          aria-activedescendant={open && found.options[active] ? `${list}-${active}` : undefined}
          aria-required={required || undefined}
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          placeholder="Type to search"
          value={typed ?? chosen?.name ?? ""}
          onClick={() => !open && show("", 0)}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            show(event.currentTarget.value, DEBOUNCE_MS);
          }}
          onKeyDown={onKeyDown}
          className={cx(INPUT_LOOK, "pr-9")}
        />
        {chosen !== null && !required && (
          <IconButton
            label={`Clear ${label}`}
            icon={<X aria-hidden size={16} strokeWidth={1.75} />}
            onClick={() => choose(null)}
            className="absolute top-0 right-0"
          />
        )}
      </div>
      {open && <Matches list={list} label={label} found={found} active={active} onChoose={choose} />}
    </div>
  );
}

type MatchesProps = {
  list: string;
  label: string;
  found: Found;
  active: number;
  onChoose: (option: PickerOption) => void;
};

function Matches({ list, label, found, active, onChoose }: MatchesProps) {
  return (
    <div className="mt-1 rounded-md border border-line-strong bg-bg">
      <ul id={list} role="listbox" aria-label={label} className="max-h-[240px] overflow-y-auto empty:hidden">
        {found.options.map((option, at) => (
          <li
            key={option.id}
            ref={at === active ? (item) => item?.scrollIntoView({ block: "nearest" }) : undefined}
            id={`${list}-${at}`}
            role="option"
            aria-selected={at === active}
            // The focus stays in the field.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onChoose(option)}
            className="cursor-default px-2.5 py-1.5 wrap-anywhere hover:bg-bg-hover aria-selected:bg-bg-hover pointer-coarse:min-h-11"
          >
            {option.name}
            {option.hint && <span className="block text-12 text-text-3">{option.hint}</span>}
          </li>
        ))}
      </ul>
      <p role="status" className="border-t border-line px-2.5 py-1 text-12 text-text-3 first:border-t-0">
        {sayFound(found)}
      </p>
    </div>
  );
}
