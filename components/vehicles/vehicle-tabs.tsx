import { TabLinks } from "@/components/ui/tab-links";

const TABS = { vehicles: "Vehicles", "meter-entries": "Meter entries", "fuel-entries": "Fuel entries" } as const;

/** The vehicles and what is noted of them. */
export function VehicleTabs({ accountToken, current }: { accountToken: string; current: keyof typeof TABS }) {
  const tabs = Object.entries(TABS).map(([page, label]) => ({
    label,
    href: `/${accountToken}/${page}`,
    current: page === current,
  }));
  return <TabLinks label="Views" tabs={tabs} />;
}
