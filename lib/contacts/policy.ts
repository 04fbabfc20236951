interface NameParts {
  readonly firstName: string;
  readonly middleName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
}

/** What a contact is called: first, middle and last name, as far as they are known. */
export function contactName({ firstName, middleName, lastName }: NameParts): string {
  return [firstName, middleName, lastName].filter(Boolean).join(" ");
}
