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
  { plan, status }: Pick<Customer, "plan" | "status">,
  country: Partial<Customer>,
): Customer => ({ name, city, plan, status, ...country });

export const NORTHWIND_CUSTOMERS: readonly Customer[] = [
  plain("Harbor Point Logistics", "Portland", { plan: "premium", status: "active" }, US),
  plain("Alder & Sons Plumbing", "Seattle", { plan: "professional", status: "active" }, US),
  plain("Brightwater Utilities", "Tacoma", { plan: "premium", status: "active" }, US),
  plain("Calloway Construction", "Boise", { plan: "professional", status: "active" }, US),
  plain("Mesa Verde School District", "Mesa", { plan: "starter", status: "active" }, US),
  plain("Okanagan Orchard Transport", "Kelowna", { plan: "professional", status: "active" }, CANADA),
  plain("Pemberton Couriers", "Leeds", { plan: "professional", status: "active" }, BRITAIN),
  plain("Rheintal Kühlspedition", "Köln", { plan: "premium", status: "active" }, GERMANY),
  plain("Sunrise Meals on Wheels", "Phoenix", { plan: "starter", status: "trial" }, US),
  plain("Tidewater Towing", "Norfolk", { plan: "professional", status: "past_due" }, US),
  plain("Umbra Security Patrols", "Denver", { plan: "professional", status: "suspended" }, US),
  plain("Vista Landscaping", "San Diego", { plan: "starter", status: "canceled" }, US),
  plain("Willamette Ambulance", "Salem", { plan: "premium", status: "active" }, US),
  plain("Yellowstone Shuttle Co.", "Bozeman", { plan: "professional", status: "trial" }, US),
  plain("Zephyr Wind Services", "Amarillo", { plan: "premium", status: "active" }, US),
  plain("Anchor Bay Seafood", "Astoria", { plan: "starter", status: "active" }, US),
  plain("Blue Ridge Telecom", "Asheville", { plan: "premium", status: "active" }, US),
  plain("Cedar Grove Waste", "Everett", { plan: "professional", status: "active" }, US),
  plain("Delta Crane & Rigging", "Baton Rouge", { plan: "professional", status: "past_due" }, US),
  plain("Evergreen Pest Control", "Olympia", { plan: "starter", status: "active" }, US),
  plain("Foothills Propane", "Fort Collins", { plan: "professional", status: "active" }, US),
  plain("Granite State Paving", "Manchester", { plan: "professional", status: "active" }, US),
  plain("Highland Dairy", "Inverness", { plan: "professional", status: "active" }, BRITAIN),
  plain("Ironwood Mining", "Sudbury", { plan: "premium", status: "active" }, CANADA),
  plain("Juniper Home Health", "Santa Fe", { plan: "starter", status: "trial" }, US),
  plain("Keystone Elevator", "Pittsburgh", { plan: "professional", status: "active" }, US),
  plain("Lakeshore Bakery Group", "Milwaukee", { plan: "professional", status: "active" }, US),
  plain("Maple Leaf Movers", "Toronto", { plan: "starter", status: "active" }, CANADA),
  plain("Nordsee Windpark Service", "Bremen", { plan: "premium", status: "active" }, GERMANY),
  plain("Orchard Lane Nurseries", "Kent", { plan: "starter", status: "canceled" }, BRITAIN),
  plain("Prairie Rural Electric", "Fargo", { plan: "premium", status: "active" }, US),
  plain("Quarry Hill Aggregates", "Sheffield", { plan: "professional", status: "active" }, BRITAIN),
  plain("Redwood Parks Department", "Eureka", { plan: "starter", status: "active" }, US),
  plain("Sierra Mobile Vet", "Reno", { plan: "starter", status: "trial" }, US),
  plain("Tri-County Transit", "Spokane", { plan: "premium", status: "active" }, US),
  plain("Uptown Linen Service", "Chicago", { plan: "professional", status: "suspended" }, US),
  plain("Valley Fire & Rescue", "Fresno", { plan: "premium", status: "active" }, US),
  plain("Westfield HVAC", "Hartford", { plan: "professional", status: "active" }, US),
  plain("Xenia Glass Works", "Xenia", { plan: "starter", status: "active" }, US),
  plain("Yukon Expeditions", "Whitehorse", { plan: "professional", status: "active" }, CANADA),
  plain("100% Electric Deliveries", "Austin", { plan: "professional", status: "active" }, US),
  plain("Kestrel Drone Inspection", "Tulsa", { plan: "starter", status: "active" }, US),
];

export const CASCADIA_CUSTOMERS: readonly Customer[] = [
  plain("Mount Hood Dairy", "Gresham", { plan: "professional", status: "active" }, US),
  plain("Salish Ferry Parts", "Bellingham", { plan: "premium", status: "active" }, US),
  plain("Rogue River Lumber", "Medford", { plan: "professional", status: "active" }, US),
  plain("Columbia Gorge Tours", "Hood River", { plan: "starter", status: "trial" }, US),
  plain("Harbor Point Marine", "Anacortes", { plan: "premium", status: "past_due" }, US),
];
