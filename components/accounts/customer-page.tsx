import { FactList } from "@/components/record/fact-list";
import { Breadcrumb, RecordSection, SectionLink } from "@/components/record/record-section";
import { RelatedList, type RelatedItem } from "@/components/record/related-list";
import { countText } from "@/components/data-table/list-href";
import type { Space } from "@/components/api-keys/space";
import { ROLE_WORDS } from "@/components/members/role-words";
import { PageHead } from "@/components/shell/page-head";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import type { CustomerDetails, ReachingKey } from "@/lib/accounts/list-customers";
import { includesApi } from "@/lib/accounts/policy";
import { AccountStatusBadge, PLAN_WORDS } from "./account-words";
import { AccountToken } from "./accounts-table";
import { CustomerActions } from "./customer-actions";

export interface CustomerPageProps {
  /** The partner's. */
  readonly space: Space;
  readonly customer: CustomerDetails;
}

/** A customer's own page in the Hub. */
export function CustomerPage({ space, customer }: CustomerPageProps) {
  const accountToken = space.token;
  return (
    <>
      <Breadcrumb href={`/${accountToken}/customers`}>Customers</Breadcrumb>
      <PageHead
        title={customer.name}
        purpose={<AccountStatusBadge status={customer.status} />}
        action={<CustomerActions space={space} customer={customer} />}
      />
      <Silence customer={customer} />
      <div className="grid gap-8 lg:grid-cols-2">
        <RecordSection id="facts" title="Facts">
          <FactList facts={factsOf(customer)} />
        </RecordSection>
        <People customer={customer} />
      </div>
      <Keys space={space} customer={customer} />
    </>
  );
}

/** Why the API does not answer for it, if it does not. */
function Silence({ customer: { plan, status } }: Pick<CustomerPageProps, "customer">) {
  const isShut = status === "canceled" || status === "suspended";
  if (!isShut && includesApi(plan)) return null;
  return (
    <Notice tone="warn" className="mb-5">
      {isShut
        ? "The API refuses every request for this account: its own keys’ and yours. Its people can still sign in, and nothing is deleted."
        : "The starter plan has no API access: every request for this account is refused, with its own keys and with yours. Professional and premium include it."}
    </Notice>
  );
}

function factsOf(customer: CustomerDetails) {
  const { city, country, vehicles, advisors } = customer;
  return [
    { label: "Account token", value: <AccountToken token={customer.token} /> },
    { label: "Plan", value: PLAN_WORDS[customer.plan].name },
    { label: "Place", value: [city, country].filter(Boolean).join(", "), ifKnown: true },
    { label: "Date added", value: <Time value={customer.createdAt} style="date" /> },
    { label: "Vehicles", value: countText(vehicles) },
    {
      label: "Assigned advisors",
      value: advisors.map(({ name }) => name).join(", ") || "None in particular: whoever is not limited looks after it",
    },
  ];
}

function People({ customer }: Pick<CustomerPageProps, "customer">) {
  const { people, peopleCount, invitedOwners } = customer;
  const invited = invitedOwners.map(({ email, isExpired }) => ({
    key: email,
    main: email,
    sub: isExpired ? "Invited; the link has expired" : "Invited",
    aside: "Owner",
  }));
  const items: RelatedItem[] = people.map(({ name, email, role }) => ({
    key: `${email} `,
    main: name,
    sub: email,
    aside: ROLE_WORDS[role].name,
  }));
  return (
    <RecordSection id="people" title="Users" aside={<Count shown={people.length} all={peopleCount} />}>
      <RelatedList items={[...items, ...invited]} empty="Nobody belongs to this account yet, and nobody is invited." />
    </RecordSection>
  );
}

function Count({ shown, all }: { shown: number; all: number }) {
  return <span className="text-text-3">{shown < all ? `${shown} of ${countText(all)}` : all}</span>;
}

function keyItem(accountToken: string, now: string, key: ReachingKey): RelatedItem {
  const whose = !key.ofPartner
    ? "The customer’s own"
    : key.reachesAll
      ? "Yours, for all customers"
      : "Yours, for chosen customers";
  return {
    key: key.id,
    main: key.ofPartner ? (
      <Link href={`/${accountToken}/api-keys/${key.id}`} className="font-medium hover:underline">
        {key.name}
      </Link>
    ) : (
      key.name
    ),
    sub: (
      <>
        <span className="font-mono">{key.prefix}…</span> · {whose} · {key.scopes.length}{" "}
        {key.scopes.length === 1 ? "scope" : "scopes"}
      </>
    ),
    aside: (
      <>
        <span className="block">
          Expires <Time value={key.expiresAt} style="date" />
        </span>
        <span className="block text-12 text-text-3">
          {key.lastUsedAt !== null && "Used "}
          <Time value={key.lastUsedAt} style="relative" now={now} never="Never used" />
        </span>
      </>
    ),
  };
}

function Keys({ space, customer }: CustomerPageProps) {
  const accountToken = space.token;
  const { keys, keyCount, keysWithinReachOnly, now } = customer;
  return (
    <RecordSection
      id="keys"
      title="Keys that can reach it"
      className="mt-8"
      aside={<SectionLink href={`/${accountToken}/api-keys`}>All API keys of yours</SectionLink>}
    >
      <RelatedList
        items={keys.map((key) => keyItem(accountToken, now, key))}
        empty={
          keysWithinReachOnly
            ? "No valid key that you can see reaches this customer."
            : "No valid key reaches this customer: no integration can read its fleet."
        }
      />
      {keysWithinReachOnly && (
        <p className="mt-2 text-text-2">
          Keys of yours that also reach customers whom you do not look after are not shown.
        </p>
      )}
      {keys.length < keyCount && (
        <p className="mt-2 text-text-2">
          {keys.length} of {countText(keyCount)} are shown.
        </p>
      )}
    </RecordSection>
  );
}
