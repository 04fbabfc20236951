import type { Prisma } from "@/generated/prisma/client";

type Customer = Pick<
  Prisma.AccountUncheckedCreateInput,
  | "name"
  | "plan"
  | "status"
  | "city"
  | "country"
  | "currencySymbol"
  | "defaultMeterUnit"
  | "defaultFuelVolumeUnit"
  | "systemOfMeasurement"
>;

const US = { country: "US" } as const;
const CANADA = {
  country: "CA",
  defaultMeterUnit: "km",
  defaultFuelVolumeUnit: "liters",
  systemOfMeasurement: "metric",
} as const;
const BRITAIN = { country: "GB", currencySymbol: "£", defaultFuelVolumeUnit: "uk_gallons" } as const;
const GERMANY = {
  country: "DE",
  currencySymbol: "€",
  defaultMeterUnit: "km",
  defaultFuelVolumeUnit: "liters",
  systemOfMeasurement: "metric",
} as const;

const plain = (
  name: string,
  city: string,
  plan: Customer["plan"],
  status: Customer["status"],
  place: Partial<Customer>,
): Customer => ({ name, city, plan, status, ...place });

export const NORTHWIND_CUSTOMERS: readonly Customer[] = [
  plain("Harbor Point Logistics", "Portland", "premium", "active", US),
  plain("Alder & Sons Plumbing", "Seattle", "professional", "active", US),
  plain("Brightwater Utilities", "Tacoma", "premium", "active", US),
  plain("Calloway Construction", "Boise", "professional", "active", US),
  plain("Mesa Verde School District", "Mesa", "starter", "active", US),
  plain("Okanagan Orchard Transport", "Kelowna", "professional", "active", CANADA),
  plain("Pemberton Couriers", "Leeds", "professional", "active", BRITAIN),
  plain("Rheintal Kühlspedition", "Köln", "premium", "active", GERMANY),
  plain("Sunrise Meals on Wheels", "Phoenix", "starter", "trial", US),
  plain("Tidewater Towing", "Norfolk", "professional", "past_due", US),
  plain("Umbra Security Patrols", "Denver", "professional", "suspended", US),
  plain("Vista Landscaping", "San Diego", "starter", "canceled", US),
  plain("Willamette Ambulance", "Salem", "premium", "active", US),
  plain("Yellowstone Shuttle Co.", "Bozeman", "professional", "trial", US),
  plain("Zephyr Wind Services", "Amarillo", "premium", "active", US),
  plain("Anchor Bay Seafood", "Astoria", "starter", "active", US),
  plain("Blue Ridge Telecom", "Asheville", "premium", "active", US),
  plain("Cedar Grove Waste", "Everett", "professional", "active", US),
  plain("Delta Crane & Rigging", "Baton Rouge", "professional", "past_due", US),
  plain("Evergreen Pest Control", "Olympia", "starter", "active", US),
  plain("Foothills Propane", "Fort Collins", "professional", "active", US),
  plain("Granite State Paving", "Manchester", "professional", "active", US),
  plain("Highland Dairy", "Inverness", "professional", "active", BRITAIN),
  plain("Ironwood Mining", "Sudbury", "premium", "active", CANADA),
  plain("Juniper Home Health", "Santa Fe", "starter", "trial", US),
  plain("Keystone Elevator", "Pittsburgh", "professional", "active", US),
  plain("Lakeshore Bakery Group", "Milwaukee", "professional", "active", US),
  plain("Maple Leaf Movers", "Toronto", "starter", "active", CANADA),
  plain("Nordsee Windpark Service", "Bremen", "premium", "active", GERMANY),
  plain("Orchard Lane Nurseries", "Kent", "starter", "canceled", BRITAIN),
  plain("Prairie Rural Electric", "Fargo", "premium", "active", US),
  plain("Quarry Hill Aggregates", "Sheffield", "professional", "active", BRITAIN),
  plain("Redwood Parks Department", "Eureka", "starter", "active", US),
  plain("Sierra Mobile Vet", "Reno", "starter", "trial", US),
  plain("Tri-County Transit", "Spokane", "premium", "active", US),
  plain("Uptown Linen Service", "Chicago", "professional", "suspended", US),
  plain("Valley Fire & Rescue", "Fresno", "premium", "active", US),
  plain("Westfield HVAC", "Hartford", "professional", "active", US),
  plain("Xenia Glass Works", "Xenia", "starter", "active", US),
  plain("Yukon Expeditions", "Whitehorse", "professional", "active", CANADA),
  plain("100% Electric Deliveries", "Austin", "professional", "active", US),
  plain("Kestrel Drone Inspection", "Tulsa", "starter", "active", US),
];

export const CASCADIA_CUSTOMERS: readonly Customer[] = [
  plain("Mount Hood Dairy", "Gresham", "professional", "active", US),
  plain("Salish Ferry Parts", "Bellingham", "premium", "active", US),
  plain("Rogue River Lumber", "Medford", "professional", "active", US),
  plain("Columbia Gorge Tours", "Hood River", "starter", "trial", US),
  plain("Harbor Point Marine", "Anacortes", "premium", "past_due", US),
];
