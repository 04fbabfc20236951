"use client";

import { Ellipsis, type LucideIcon } from "lucide-react";
import { Fragment, useState, type ReactNode } from "react";

import { ConfirmAction, type ConfirmActionProps } from "@/components/record/confirm-action";
import { Button, ButtonLink } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "@/components/ui/menu";

/** What a verb looks like, and what choosing it does. */
export type VerbLook<Row> = {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly tone?: "danger";
  /** Stands at the right of the menu item. */
  readonly hint?: (row: Row) => ReactNode;
} & (
  | { readonly kind: "link"; readonly href: (row: Row) => string }
  /** Done at once: it can be taken back as easily. */
  | { readonly kind: "act"; readonly act: (row: Row) => void }
  | {
      readonly kind: "confirm";
      /** Its tone is the verb's, unless it says another. */
      readonly ask: (row: Row) => Omit<ConfirmActionProps, "tone" | "onClose" | "onDone"> & { tone?: "danger" };
      /** After it was done, such as leaving the page of what is gone. */
      readonly onDone?: (row: Row) => void;
    }
  | { readonly kind: "dialog"; readonly dialog: (row: Row, onClose: () => void) => ReactNode }
);
export type VerbLooks<Verb extends string, Row> = Readonly<Record<Verb, VerbLook<Row>>>;

/** A row brings along what may be done with it. */
export type VerbRow<Verb extends string> = { readonly verbs: readonly Verb[] };

type Chosen<Verb, Row> = { readonly verb: Verb; readonly row: Row };

export type Verbs<Row> = {
  /** The ⋯ of a row. */
  rowMenu: (row: Row) => ReactNode;
  /** The buttons of a record's own page: the first verb or those named, and a menu with the others. */
  pageActions: (row: Row, outside?: readonly string[]) => ReactNode;
  /** Whatever dialog is open; it stands once, beside the table or the buttons. */
  dialog: ReactNode;
};

function verbIcon(Icon: LucideIcon): ReactNode {
  return <Icon aria-hidden size={16} strokeWidth={1.75} />;
}

/**
 * Menus, buttons and dialogs of records that bring their verbs along: what a role or a state forbids is not offered.
 * @param nameOf what a row is called to those who cannot see it
 * @param resumed chosen from the first: somebody comes back from a sign-in
 */
export function useVerbs<Verb extends string, Row extends VerbRow<Verb>>(
  looks: VerbLooks<Verb, Row>,
  nameOf: (row: Row) => string,
  resumed?: Chosen<Verb, Row> | null,
): Verbs<Row> {
  const [chosen, setChosen] = useState(resumed?.row.verbs.includes(resumed.verb) ? resumed : null);
  const shown = (row: Row, verbs: readonly Verb[], Shown: typeof VerbItem) =>
    verbs.map((verb, at) => {
      const look = looks[verb];
      const choose = () => (look.kind === "act" ? look.act(row) : setChosen({ verb, row }));
      return <Shown key={verb} look={look} row={row} isFirst={at === 0} onChoose={choose} />;
    });
  return {
    rowMenu: (row) =>
      row.verbs.length > 0 && (
        <Menu trigger={<IconButton label={`More actions for ${nameOf(row)}`} icon={verbIcon(Ellipsis)} />}>
          {shown(row, row.verbs, VerbItem)}
        </Menu>
      ),
    pageActions: (row, outside = row.verbs.slice(0, 1)) => {
      const others = row.verbs.filter((verb) => !outside.includes(verb));
      return (
        <>
          {shown(
            row,
            row.verbs.filter((verb) => outside.includes(verb)),
            VerbButton,
          )}
          {others.length > 0 && (
            <Menu trigger={<Button icon={verbIcon(Ellipsis)}>More actions</Button>}>
              {shown(row, others, VerbItem)}
            </Menu>
          )}
        </>
      );
    },
    dialog: chosen && (
      <VerbDialog key={chosen.verb} look={looks[chosen.verb]} row={chosen.row} onClose={() => setChosen(null)} />
    ),
  };
}

type VerbProps<Row> = { look: VerbLook<Row>; row: Row; isFirst: boolean; onChoose: () => void };

function VerbItem<Row>({ look, row, isFirst, onChoose }: VerbProps<Row>) {
  const inside = { icon: verbIcon(look.icon), tone: look.tone, hint: look.hint?.(row) };
  return (
    <Fragment>
      {look.tone === "danger" && !isFirst && <MenuSeparator />}
      {look.kind === "link" ? (
        <MenuLink href={look.href(row)} {...inside}>
          {look.label}
        </MenuLink>
      ) : (
        <MenuItem onSelect={onChoose} {...inside}>
          {look.label}
        </MenuItem>
      )}
    </Fragment>
  );
}

function VerbButton<Row>({ look, row, onChoose }: VerbProps<Row>) {
  if (look.kind === "link") {
    return (
      <ButtonLink href={look.href(row)} icon={verbIcon(look.icon)}>
        {look.label}
      </ButtonLink>
    );
  }
  return (
    <Button icon={verbIcon(look.icon)} className={look.tone === "danger" ? "text-bad" : undefined} onClick={onChoose}>
      {look.label}
    </Button>
  );
}

function VerbDialog<Row>({ look, row, onClose }: { look: VerbLook<Row>; row: Row; onClose: () => void }) {
  if (look.kind === "dialog") return look.dialog(row, onClose);
  if (look.kind !== "confirm") return null;
  return (
    <ConfirmAction
      tone={look.tone ?? "primary"}
      {...look.ask(row)}
      onDone={() => look.onDone?.(row)}
      onClose={onClose}
    />
  );
}
