"use client";

import { Ellipsis, type LucideIcon } from "lucide-react";
import { Fragment, useState, type ReactNode } from "react";

import { ConfirmAction, type ConfirmActionProps } from "@/components/record/confirm-action";
import { Button, ButtonLink } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "@/components/ui/menu";

/** What a verb looks like, and what choosing it does. */
export type VerbLook<Row> = { readonly label: string; readonly icon: LucideIcon; readonly tone?: "danger" } & (
  | { readonly kind: "link"; readonly href: (row: Row) => string }
  | {
      readonly kind: "confirm";
      readonly ask: (row: Row) => Omit<ConfirmActionProps, "tone" | "onClose" | "onDone">;
      /** After it was done, such as leaving the page of what is gone. */
      readonly onDone?: (row: Row) => void;
    }
  | { readonly kind: "dialog"; readonly dialog: (row: Row, onClose: () => void) => ReactNode }
);
export type VerbLooks<Verb extends string, Row> = Readonly<Record<Verb, VerbLook<Row>>>;

/** A row brings along what may be done with it. */
export type VerbRow<Verb extends string> = { readonly name: string; readonly verbs: readonly Verb[] };

export type Verbs<Row> = {
  /** The ⋯ of a row. */
  rowMenu: (row: Row) => ReactNode;
  /** The buttons of a record's own page: the first verb, and a menu with the others. */
  pageActions: (row: Row) => ReactNode;
  /** Whatever dialog is open; it stands once, beside the table or the buttons. */
  dialog: ReactNode;
};

function verbIcon(Icon: LucideIcon): ReactNode {
  return <Icon aria-hidden size={16} strokeWidth={1.75} />;
}

/** Menus, buttons and dialogs of records that bring their verbs along. */
export function useVerbs<Verb extends string, Row extends VerbRow<Verb>>(looks: VerbLooks<Verb, Row>): Verbs<Row> {
  const [chosen, setChosen] = useState<{ readonly look: VerbLook<Row>; readonly row: Row } | null>(null);
  const close = () => setChosen(null);
  const items = (row: Row, verbs: readonly Verb[]) =>
    verbs.map((verb) => (
      <VerbItem key={verb} look={looks[verb]} row={row} onChoose={() => setChosen({ look: looks[verb], row })} />
    ));
  return {
    rowMenu: (row) =>
      row.verbs.length > 0 && (
        <Menu trigger={<IconButton label={`More actions for ${row.name}`} icon={verbIcon(Ellipsis)} />}>
          {items(row, row.verbs)}
        </Menu>
      ),
    pageActions: (row) => {
      const [first, ...others] = row.verbs;
      if (first === undefined) return null;
      return (
        <>
          <VerbButton look={looks[first]} row={row} onChoose={() => setChosen({ look: looks[first], row })} />
          {others.length > 0 && (
            <Menu trigger={<Button icon={verbIcon(Ellipsis)}>More actions</Button>}>{items(row, others)}</Menu>
          )}
        </>
      );
    },
    dialog: chosen && <VerbDialog {...chosen} onClose={close} />,
  };
}

type VerbProps<Row> = { look: VerbLook<Row>; row: Row; onChoose: () => void };

function VerbItem<Row>({ look, row, onChoose }: VerbProps<Row>) {
  const inside = { icon: verbIcon(look.icon), tone: look.tone };
  return (
    <Fragment>
      {look.tone === "danger" && <MenuSeparator />}
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
    <Button icon={verbIcon(look.icon)} onClick={onChoose}>
      {look.label}
    </Button>
  );
}

function VerbDialog<Row>({ look, row, onClose }: { look: VerbLook<Row>; row: Row; onClose: () => void }) {
  if (look.kind === "dialog") return look.dialog(row, onClose);
  if (look.kind === "link") return null;
  return (
    <ConfirmAction
      {...look.ask(row)}
      tone={look.tone ?? "primary"}
      onDone={() => look.onDone?.(row)}
      onClose={onClose}
    />
  );
}
